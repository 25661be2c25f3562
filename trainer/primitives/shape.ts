// Layers that change a signal's shape and no number: flattening, cropping, new channels of zeros.
import { pad, reshape, sizeOf, slice } from '../program/index.ts';
import type { Layer } from './layer.ts';

/** [N,H,W,C] -> [N, H*W*C] */
export const flatten: Layer = ({ g }, x) => {
  const [n = 0, ...rest] = x.value.shape;
  return {
    y: { value: reshape(g, x.value, [n, sizeOf(rest)]), needsGradient: x.needsGradient },
    backward: (dy) => (x.needsGradient ? reshape(g, dy, x.value.shape) : undefined),
  };
};

/** x[:, offset:, offset:, :] */
export const cropped =
  (offset: number): Layer =>
  ({ g }, x) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
    const value = slice(g, x.value, [0, offset, offset, 0], [n, h - offset, w - offset, c]);
    const before = [offset, 0] as const;
    return {
      y: { value, needsGradient: x.needsGradient },
      backward: (dy) =>
        x.needsGradient ? pad(g, dy, [[0, 0], before, before, [0, 0]]) : undefined,
    };
  };

/** Channels of zeros in front and behind, until there are `channels`. */
export const widened =
  (channels: number): Layer =>
  ({ g }, x) => {
    const [, , , c = 0] = x.value.shape;
    const before = Math.floor((channels - c) / 2);
    const paddings = [
      [0, 0],
      [0, 0],
      [0, 0],
      [before, channels - c - before],
    ] as const;
    return {
      y: { value: pad(g, x.value, paddings), needsGradient: x.needsGradient },
      backward: (dy) =>
        x.needsGradient ? slice(g, dy, [0, 0, 0, before], x.value.shape) : undefined,
    };
  };
