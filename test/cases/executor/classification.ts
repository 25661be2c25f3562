// Programs of losses, targets and random numbers.
import {
  argmax,
  type Graph,
  multiply,
  oneHot,
  randomUniform,
  reshape,
  softmaxCrossEntropy,
} from '../../../trainer/program/index.ts';
import { intsOf, tensorOf } from '../../builders/tensors.ts';
import type { GradientCase, ProgramCase } from './program-case.ts';

export const classification: readonly ProgramCase[] = [
  {
    name: 'softmaxCrossEntropy, smoothed labels, a row of zeros and large logits',
    given: {
      z: tensorOf([1, 2, 3, -1, 0.5, 0.25, 80, -80, 0, 2, 2, 2], [4, 3]),
      y: tensorOf([0, 0, 1, 0.1, 0.1, 0.8, 1, 0, 0, 0, 0, 0], [4, 3]),
    },
    write: (g) => ({ ...softmaxCrossEntropy(g, g.input('z', [4, 3]), g.input('y', [4, 3])) }),
  },
  {
    name: 'argmax takes the first of equals',
    exact: true,
    given: { x: tensorOf([1, 5, 5, 7, 7, 0, -1, -1, -1], [3, 3]) },
    write: (g) => ({
      rows: argmax(g, g.input('x', [3, 3]), 1),
      columns: argmax(g, g.input('x', [3, 3]), 0),
    }),
  },
  {
    name: 'oneHot, zeros for what is outside',
    exact: true,
    given: { k: intsOf(0, 3, -1, 4, 2) },
    write: (g) => ({ y: oneHot(g, g.input('k', [5], 'int32'), 4) }),
  },
  ...[1, 4, 7, 10_001].map((count) => ({
    name: `randomUniform of ${count}, a stream each and a key that is negative`,
    exact: true,
    given: { key: intsOf(-7, 123_456) },
    write: (g: Graph) => {
      const key = g.input('key', [2], 'int32');
      return {
        first: randomUniform(g, key, { shape: [count], stream: 0 }),
        second: randomUniform(g, key, { shape: [count], stream: 41 }),
      };
    },
  })),
];

export const loss: GradientCase = {
  name: 'softmaxCrossEntropy',
  given: { y: tensorOf([0.2, 0.3, 0.5, 1, 0, 0, 0, 0, 0], [3, 3]) },
  forward: (g) => softmaxCrossEntropy(g, g.input('z', [3, 3]), g.input('y', [3, 3])).loss,
  backward: (g, dy) => {
    const { gradient } = softmaxCrossEntropy(g, g.input('z', [3, 3]), g.input('y', [3, 3]));
    return { z: multiply(g, gradient, reshape(g, dy, [3, 1])) };
  },
};
