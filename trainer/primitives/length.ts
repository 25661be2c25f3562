// Length of activations as a layer: each picture is divided by its root mean square, so that nothing of how strongly the layers
// below answered is left (Hinton 2022, section 2.1). Exact under every learning rule.
import { add, divide, mean, multiply, sqrt, square, subtract } from '../program/index.ts';
import type { Layer } from './layer.ts';

/** Under the mean square, so that a picture of zeros is no division by zero. */
const EPSILON = 1e-8;
const PICTURE = { axes: [1, 2, 3], keepDims: true };

/** y = x / r, r^2 the mean square of the picture; dx = (dy - y mean(dy y)) / r. [N,H,W,C] */
export const unitLength: Layer = ({ g }, x) => {
  const r = sqrt(g, add(g, mean(g, square(g, x.value), PICTURE), g.scalar(EPSILON))); // [N,1,1,1]
  const y = divide(g, x.value, r);
  return {
    y: { value: y, needsGradient: x.needsGradient },
    backward: (dy) => {
      if (!x.needsGradient) return undefined;
      const along = mean(g, multiply(g, dy, y), PICTURE);
      return divide(g, subtract(g, dy, multiply(g, y, along)), r);
    },
  };
};
