// Feedback alignment: the signal goes back through fixed random weights, drawn from W's own law.
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'FA',
  title: 'Feedback alignment',
  source: 'Lillicrap et al. 2016; BioNAS eq. 2',
  variables: ({ shape, law }) => [
    { name: 'B', shape, initializer: { kind: 'uniform', bound: law.bound } },
  ],
  send: through(({ g, state: { B } }) => B ?? g.refuse('feedback alignment has no B')),
};
