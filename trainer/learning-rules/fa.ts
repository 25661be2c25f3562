// Feedback alignment: the signal goes back through fixed random weights, drawn from W's own law.
import type { LearningRule } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'FA',
  title: 'Feedback alignment',
  source: 'Lillicrap et al. 2016; BioNAS eq. 2',
  variables: ({ shape, law }) => [
    { name: 'B', shape, initializer: { kind: 'uniform', bound: law.bound } },
  ],
  feedback: ({ g, state: { B } }) => B ?? g.refuse('feedback alignment has no B'),
};
