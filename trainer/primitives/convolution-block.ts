// The weighted operations of DARTS and NAS-Bench-201 cells. Each begins with ReLU and ends with batch norm.

import { relu } from './activation.ts';
import { concatenated } from './combination.ts';
import { convolution } from './convolution.ts';
import { type Layer, sequential } from './layer.ts';
import { batchNorm } from './normalization.ts';
import { cropped } from './shape.ts';

export interface ConvolutionBlock {
  /** Channels out. */
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
}

/** Padding that keeps a picture's side at stride 1. */
const same = (kernel: number, dilation = 1): number => (dilation * (kernel - 1)) / 2;

/** ReLU, convolution, batch norm: NAS-Bench-201's nor_conv, and the preprocessing of DARTS cells. */
export const reluConvolution = ({ filters, kernel, stride = 1 }: ConvolutionBlock): Layer =>
  sequential(
    ['relu', relu],
    ['conv', convolution({ filters, kernel, stride, padding: same(kernel) })],
    ['norm', batchNorm()],
  );

interface DepthwiseSeparable extends ConvolutionBlock {
  readonly dilation?: number;
}

/** ReLU, depthwise k x k, pointwise, batch norm. */
const depthwiseSeparable =
  ({ filters, kernel, stride = 1, dilation = 1 }: DepthwiseSeparable): Layer =>
  (at, x) => {
    const channels = x.value.shape[3] ?? 0;
    const padding = same(kernel, dilation);
    const geometry = { kernel, stride, dilation, padding };
    const block = sequential(
      ['relu', relu],
      ['depthwise', convolution({ filters: channels, groups: channels, ...geometry })],
      ['pointwise', convolution({ filters, kernel: 1 })],
      ['norm', batchNorm()],
    );
    return block(at, x);
  };

/** DARTS's sep_conv: depthwise separable twice, the stride in the first, the channels change in the second. */
export const separableConvolution =
  ({ filters, kernel, stride = 1 }: ConvolutionBlock): Layer =>
  (at, x) => {
    const channels = x.value.shape[3] ?? 0;
    const block = sequential(
      ['first', depthwiseSeparable({ filters: channels, kernel, stride })],
      ['second', depthwiseSeparable({ filters, kernel })],
    );
    return block(at, x);
  };

/** DARTS's dil_conv: depthwise separable once, dilation 2. */
export const dilatedConvolution = (block: ConvolutionBlock): Layer =>
  depthwiseSeparable({ ...block, dilation: 2 });

/**
 * Half the sides without losing pixels: ReLU, two 1x1 convolutions of stride 2, the second on x[1:,1:], side by side
 * along the channels, batch norm. Where a side is odd, the second sees a row or column of zeros at the end (NAS-Bench-201).
 */
export const factorizedReduce =
  (filters: number): Layer =>
  (at, x) => {
    const [, h = 0, w = 0] = x.value.shape;
    const ends = { top: 0, left: 0, bottom: h % 2, right: w % 2 };
    const shifted = Math.floor(filters / 2);
    const half = { kernel: 1, stride: 2 };
    const block = sequential(
      ['relu', relu],
      [
        'halves',
        concatenated(
          ['even', convolution({ ...half, filters: filters - shifted })],
          [
            'odd',
            sequential(
              ['shift', cropped(1)],
              ['conv', convolution({ ...half, filters: shifted, padding: ends })],
            ),
          ],
        ),
      ],
      ['norm', batchNorm()],
    );
    return block(at, x);
  };
