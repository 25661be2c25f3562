// Direct random target projection: every layer gets the labels themselves through fixed random weights of its own, before the
// network has answered. B lies at the layer's input and has a weight for each class and activation there.
import { matmul, reshape, sizeOf } from '../program/index.ts';
import type { LearningRule } from './learning-rule.ts';

export const rule: LearningRule = {
  name: 'DRTP',
  title: 'Direct random target projection',
  source: 'Frenkel, Lefebvre & Bol 2021',
  // Kaiming's uniform law, as in the authors' code.
  variables: ({ input, classes }) => [
    {
      name: 'B',
      shape: [...input, classes()],
      initializer: { kind: 'uniform', bound: Math.sqrt(6 / sizeOf(input)) },
    },
  ],
  send: ({ g, weights, state: { B = g.refuse('target projection has no B') }, target }) => {
    const { input, classes } = weights;
    const y = target(); // [N, K]
    const flat = reshape(g, B, [sizeOf(input), classes()]);
    const dx = matmul(g, y, flat, { transposeB: true }); // [N, H W C]
    return { dx: reshape(g, dx, [y.shape[0] ?? 0, ...input]), B };
  },
};
