// Kolen-Pollack: B takes every step that W takes, and weight decay makes both forget where they began, so B comes to W.
// Without weight decay it stays as far from W as it was. Works with groups and any optimizer, as both have the same one.
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'KP',
  title: 'Kolen-Pollack',
  source: 'Kolen & Pollack 1994; Akrout et al. 2019',
  variables: ({ shape, law }) => [
    { name: 'B', shape, initializer: { kind: 'uniform', bound: law.bound }, learns: true },
  ],
  send: through(({ g, state: { B } }) => B ?? g.refuse('Kolen-Pollack has no B')),
};
