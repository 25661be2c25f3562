// NAS-Bench-201's reduction between stages: a residual block whose shortcut averages 2 x 2 pixels.
import { summed } from './combination.ts';
import { convolution } from './convolution.ts';
import { reluConvolution } from './convolution-block.ts';
import { type Layer, sequential } from './layer.ts';
import { averagePool } from './pooling.ts';

/** [N,H,W,C] -> [N,H/2,W/2,filters]; the sides are even. */
export const residualReduction = (filters: number): Layer =>
  summed(
    [
      'body',
      sequential(
        ['a', reluConvolution({ filters, kernel: 3, stride: 2 })],
        ['b', reluConvolution({ filters, kernel: 3 })],
      ),
    ],
    [
      'shortcut',
      sequential(
        ['pool', averagePool({ window: 2, stride: 2 })],
        ['conv', convolution({ filters, kernel: 1 })],
      ),
    ],
  );
