// Max and average pooling. DARTS puts a batch norm without gamma and beta behind them.
import {
  averagePool as average,
  averagePoolGradient,
  maxPool as maximum,
  maxPoolGradient,
  padded,
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
