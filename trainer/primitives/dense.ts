// Fully connected layer: y = x W + b with W [in, out]; dx = dy B^T.
import { add, matmul, sum } from '../program/index.ts';
import type { Layer } from './layer.ts';
import { declareBias, declareWeights } from './weights.ts';

export const dense =
  (units: number): Layer =>
  (at, x) => {
    const { g } = at;
    const features = x.value.shape[1] ?? 0;
    const fans = { in: features, out: units };
    const { W, learn, feedback } = declareWeights(at, [features, units], fans);
    const { variable, b } = declareBias(at, units, fans);
    const y = add(g, matmul(g, x.value, W), b); // (N, out)
    return {
      y: { value: y, needsGradient: true },
      backward: (dy) => {
        learn(matmul(g, x.value, dy, { transposeA: true }));
        at.gradients.set(variable.name, sum(g, dy, { axes: [0] }));
        return x.needsGradient ? matmul(g, dy, feedback(), { transposeB: true }) : undefined;
      },
    };
  };
