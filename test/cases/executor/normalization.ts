// Programs of batch normalisation.
import {
  batchNorm,
  batchNormGradient,
  batchNormInference,
  type Graph,
  type Value,
} from '../../../trainer/program/index.ts';
import { tensorOf } from '../../builders/tensors.ts';
import type { GradientCase, ProgramCase } from './program-case.ts';

const EPSILON = 1e-3;

export const normalizations: readonly GradientCase[] = [
  [3, 4, 5, 2],
  [2, 1, 1, 3],
].map((x) => {
  const inputs = (g: Graph) =>
    [g.input('x', x), g.input('gamma', x.slice(3)), g.input('beta', x.slice(3))] as const;
  return {
    name: `batchNorm of [${x}]`,
    forward: (g: Graph) => batchNorm(g, inputs(g), EPSILON).y,
    backward: (g: Graph, dy: Value) => {
      const [input, gamma] = inputs(g);
      const { saved } = batchNorm(g, inputs(g), EPSILON);
      const { dx, dgamma, dbeta } = batchNormGradient(g, [dy, input, gamma], {
        epsilon: EPSILON,
        saved,
      });
      return { x: dx, gamma: dgamma, beta: dbeta };
    },
  };
});

const channels = (g: Graph, name: string) => g.input(name, [2]);

export const normalization: readonly ProgramCase[] = [
  {
    name: 'batchNorm gives the batch mean and the unbiased variance',
    write: (g) => {
      const inputs = [
        g.input('x', [3, 4, 5, 2]),
        channels(g, 'gamma'),
        channels(g, 'beta'),
      ] as const;
      const { y, mean: m, variance } = batchNorm(g, inputs, EPSILON);
      return { y, mean: m, variance };
    },
  },
  {
    name: 'batchNorm of a single pixel',
    write: (g) => {
      const inputs = [
        g.input('x', [1, 1, 1, 2]),
        channels(g, 'gamma'),
        channels(g, 'beta'),
      ] as const;
      const { y, mean: m, variance } = batchNorm(g, inputs, EPSILON);
      return { y, mean: m, variance };
    },
  },
  {
    name: 'batchNormInference',
    given: { variance: tensorOf([0.5, 2]) },
    write: (g) => ({
      y: batchNormInference(
        g,
        [
          g.input('x', [3, 4, 5, 2]),
          ...([channels(g, 'gamma'), channels(g, 'beta'), channels(g, 'mean')] as const),
          channels(g, 'variance'),
        ],
        EPSILON,
      ),
    }),
  },
];
