// Backpropagation: the signal goes back through the forward weights. The rule that others are compared with.
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'BP',
  title: 'Backpropagation',
  source: 'Rumelhart, Hinton & Williams 1986',
  variables: () => [],
  send: through(({ W }) => W),
};
