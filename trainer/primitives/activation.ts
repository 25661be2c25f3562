// ReLU. Its derivative is exact under every learning rule.
import { relu as rectify, reluGradient } from '../program/index.ts';
import type { Layer } from './layer.ts';

export const relu: Layer = ({ g }, x) => {
  const y = rectify(g, x.value);
  return {
    y: { value: y, needsGradient: x.needsGradient },
    backward: (dy) => (x.needsGradient ? reluGradient(g, dy, y) : undefined),
  };
};
