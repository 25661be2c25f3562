// Uniform sign-concordant feedback: B = s sign(W), s the deviation of W's initial law. 30 degrees from W at the start.
import { scale, sign } from '../program/index.ts';
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'uSF',
  title: 'Uniform sign-concordant feedback',
  source: 'Liao, Leibo & Poggio 2016; Moskovitz et al. 2018; BioNAS eq. 3',
  variables: () => [],
  send: through(({ g, W, weights }) => scale(g, sign(g, W), weights.law.deviation)),
};
