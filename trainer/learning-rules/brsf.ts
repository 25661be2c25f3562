// Batchwise random sign-concordant feedback: B = |M_t| o sign(W), M_t drawn anew each step. 41.4 degrees from W at the start.
import { multiply, scale, sign } from '../program/index.ts';
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'brSF',
  title: 'Batchwise random magnitude sign-concordant feedback',
  source: 'Liao, Leibo & Poggio 2016; Moskovitz et al. 2018; BioNAS eq. 4',
  variables: () => [],
  // |M| of M ~ U(-bound, bound) is bound U(0, 1).
  send: through(({ g, W, weights, uniform }) =>
    multiply(g, scale(g, uniform(), weights.law.bound), sign(g, W)),
  ),
};
