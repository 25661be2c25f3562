// Fixed random sign-concordant feedback: B = |M| o sign(W), M drawn once. 41.4 degrees from W at the start.
import { abs, multiply, sign } from '../program/index.ts';
import { type LearningRule, through } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'frSF',
  title: 'Fixed random magnitude sign-concordant feedback',
  source: 'Liao, Leibo & Poggio 2016; Moskovitz et al. 2018; BioNAS eq. 5',
  variables: ({ shape, law }) => [
    { name: 'M', shape, initializer: { kind: 'uniform', bound: law.bound } },
  ],
  send: through(({ g, W, state: { M } }) =>
    multiply(g, abs(g, M ?? g.refuse('frSF has no M')), sign(g, W)),
  ),
};
