// Predictive coding: a node v stands at the layer's output, which the layer predicts. In each of some steps it goes down the energy
// sum |v - prediction|^2 / 2 + loss: its own error against the errors that it causes above. Then W learns by the error, and what it
// sends back is the error through W. Where errors are small this is backpropagation (Whittington & Bogacz 2017, Rosenbaum 2022).
// Nodes move from the top down, each seeing errors above that have moved, so that a signal needs no step for each layer.
import { add, scale, subtract } from '../program/index.ts';
import { type LearningRule, through } from './learning-rule.ts';

const STEPS = 8;
/** Share of the energy's slope that a node moves by in a step. */
const RATE = 0.5;

export const rule: LearningRule = {
  name: 'PC',
  title: 'Predictive coding',
  source: 'Whittington & Bogacz 2017; Millidge, Tschantz & Buckley 2020; Rosenbaum 2022',
  variables: () => [],
  send: through(({ W }) => W),
  settles: {
    steps: STEPS,
    move: ({ g, value, prediction, dy }) =>
      subtract(g, value, scale(g, add(g, subtract(g, value, prediction), dy), RATE)),
  },
};
