// PEPITA: a second forward pass sees the pictures with the error of the first added, x + F e, and each layer learns by how its
// activations changed: dW_l = (h_l - h'_l) h'_{l-1}^T, the last layer by dW_L = e h'_{L-1}^T. No signal goes back anywhere.
// As in the authors' code h is ReLU of the layer's own output, whatever stands behind it, and dW of a convolution the mean over
// its patches. F is drawn once, Kaiming-uniform times 0.05; it is added to normalised pictures, the authors' to those in [0, 1].
import { add, matmul, relu, reshape, scale, sizeOf, subtract } from '../program/index.ts';
import type { LearningRule } from './learning-rule.ts';
import type { Pass } from './pass.ts';

const STRENGTH = 0.05;

const modulated: Pass = {
  name: 'PEPITA',
  pictures: ({ g, x, error, fixed }) => {
    const [, ...picture] = x.shape;
    const [, classes = 0] = error.shape;
    const pixels = sizeOf(picture);
    const bound = STRENGTH * Math.sqrt(6 / pixels);
    const F = fixed([...picture, classes], { kind: 'uniform', bound });
    const flat = reshape(g, F, [pixels, classes]);
    const Fe = matmul(g, error, flat, { transposeB: true }); // [N, H W C]
    return add(g, x, reshape(g, Fe, x.shape));
  },
};

export const rule: LearningRule = {
  name: 'PEPITA',
  title: 'Present the error to perturb the input to modulate activity',
  source: 'Dellaferrera & Kreiman 2022, algorithm 1',
  variables: () => [],
  send: () => undefined,
  lessons: {
    pass: modulated,
    give: ({ g, first, again, error }) => {
      if (error !== undefined) return { x: again.x, dy: error };
      const change = subtract(g, relu(g, first.y), relu(g, again.y));
      const patches = sizeOf(change.shape.slice(0, -1));
      return { x: again.x, dy: scale(g, change, 1 / patches) };
    },
  },
};
