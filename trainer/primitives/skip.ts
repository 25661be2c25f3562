// Edges without weights or windows: identity and zero.
import { broadcast } from '../program/index.ts';
import type { Layer } from './layer.ts';

export const identity: Layer = (_, x) => ({ y: x, backward: (dy) => dy });

/** Zeros of x's shape, at stride 2 of half its sides (rounded up). No signal goes back. */
export const zero =
  (stride = 1): Layer =>
  ({ g }, x) => {
    const [n = 0, h = 0, w = 0, c = 0] = x.value.shape;
    const shape = [n, Math.ceil(h / stride), Math.ceil(w / stride), c];
    return {
      y: { value: broadcast(g, g.scalar(0), shape), needsGradient: false },
      backward: () => undefined,
    };
  };
