// Max and average pooling over windows, and the average over the whole picture.
import {
  averagePool as average,
  averagePoolGradient,
  broadcast,
  maxPool as maximum,
  maxPoolGradient,
  mean,
  padded,
  reshape,
  scale,
} from '../program/index.ts';
import type { Layer } from './layer.ts';

export interface Pooling {
  readonly window: number;
  readonly stride: number;
  readonly padding?: number;
}

export const maxPool =
  ({ window, stride, padding = 0 }: Pooling): Layer =>
  ({ g }, x) => {
    const geometry = { window, stride, padding: padded(padding) };
    const y = maximum(g, x.value, geometry);
    return {
      y: { value: y, needsGradient: x.needsGradient },
      backward: (dy) =>
        x.needsGradient ? maxPoolGradient(g, [x.value, y, dy], geometry) : undefined,
    };
  };

/** The mean of the pixels inside the picture: padding is not counted. */
export const averagePool =
  ({ window, stride, padding = 0 }: Pooling): Layer =>
  ({ g }, x) => {
    const geometry = { window, stride, padding: padded(padding) };
    return {
      y: { value: average(g, x.value, geometry), needsGradient: x.needsGradient },
      backward: (dy) =>
        x.needsGradient
          ? averagePoolGradient(g, dy, { ...geometry, inputShape: x.value.shape })
          : undefined,
    };
  };

/** [N,H,W,C] -> [N,C] */
export const globalAveragePool: Layer = ({ g }, x) => {
  const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
  return {
    y: { value: mean(g, x.value, { axes: [1, 2] }), needsGradient: x.needsGradient },
    backward: (dy) => {
      if (!x.needsGradient) return undefined;
      const each = reshape(g, scale(g, dy, 1 / (h * w)), [n, 1, 1, c]);
      return broadcast(g, each, x.value.shape);
    },
  };
};
