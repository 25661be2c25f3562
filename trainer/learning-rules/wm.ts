// Weight mirror: beside its work each neuron sees noise x~, and B learns by x~ y~ what W makes of it, so B comes to W without
// being told. Each place of a convolution sees the same W, so noise in one receptive field a pattern is enough.
import {
  add,
  type Graph,
  matmul,
  reshape,
  type Shape,
  scale,
  sizeOf,
  type Value,
} from '../program/index.ts';
import { type LearningRule, through } from './learning-rule.ts';

/** Share of what a step has learned, as in the authors' code: W is forgotten in about 1 / RATE steps, and noise averaged over as many. */
const RATE = 0.01;
/** Of noise a step. */
const PATTERNS = 64;
/** Of U(-1, 1). */
const VARIANCE = 1 / 3;

export const rule: LearningRule = {
  name: 'WM',
  title: 'Weight mirror',
  source: 'Akrout et al. 2019',
  variables: ({ shape, law }) => [
    { name: 'B', shape, initializer: { kind: 'uniform', bound: law.bound } },
  ],
  send: (context) => {
    const { g, W, state, uniform, keep } = context;
    const B = state['B'] ?? g.refuse('the weight mirror has no B');
    const seen = g.inFull(() => mirrored(g, W, uniform));
    keep('B', add(g, scale(g, B, 1 - RATE), scale(g, seen, RATE)));
    return through(() => B)(context);
  },
};

/** x~ y~ of fresh noise; in the mean over it: W. */
function mirrored(g: Graph, W: Value, uniform: (shape: Shape) => Value): Value {
  const outputs = W.shape.at(-1) ?? 1;
  const inputs = sizeOf(W.shape.slice(0, -1));
  const x = symmetric(g, uniform([PATTERNS, inputs])); // [P, k k Cin]
  const y = matmul(g, x, reshape(g, W, [inputs, outputs])); // [P, Cout]
  const xy = matmul(g, x, y, { transposeA: true });
  return reshape(g, scale(g, xy, 1 / (PATTERNS * VARIANCE)), W.shape);
}

/** U(0, 1) -> U(-1, 1) */
const symmetric = (g: Graph, draw: Value): Value => add(g, scale(g, draw, 2), g.scalar(-1));
