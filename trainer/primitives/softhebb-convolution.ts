// SoftHebb (Journe et al. 2023; paper.md 2.5): filters compete for each patch by a softmax. The winner turns to it, all others turn
// away as far as they answered. Filters come to length 1, where they stop learning.
// Unlike the authors' network: one at a time, here all layers learn at once and while the rest of the network does; batches are the
// recipe's, not 10; borders are padded with zeros, not mirrored; ReLU stands in front as in every operation of a cell, and batch
// norm, not the triangle, behind.
import {
  abs,
  add,
  argmax,
  conv2dFilterGradient,
  divide,
  type Graph,
  maximum,
  multiply,
  oneHot,
  reshape,
  scale,
  sizeOf,
  softmaxCrossEntropy,
  sqrt,
  square,
  subtract,
  sum,
  total,
  type Value,
} from '../program/index.ts';
import { relu } from './activation.ts';
import type { ConvolutionBlock } from './convolution-block.ts';
import { type Layer, sequential } from './layer.ts';
import { type LocalStep, localConvolution } from './local-convolution.ts';
import { batchNorm } from './normalization.ts';

/** T; the authors have 1 in the first layer, 1.5 and 4 behind it. */
const TEMPERATURE = 1;
/** Of the update's largest number. The authors have 0.08, 0.005 and 0.01 by layer, and 5,000 steps; trials have hundreds. */
const RATE = 0.05;
/** Of a filter when training starts, as in the authors' code. */
const LENGTH = 25;
/** Under a difference of lengths, as in the authors' code, and under the update's largest number. */
const [LEAST_DIFFERENCE, LEAST_UPDATE] = [1e-10, 1e-30];

/** ReLU, batch norm without gamma and beta (the rule expects patches around zero), SoftHebb convolution, batch norm. */
export const softHebbConvolution = (block: ConvolutionBlock): Layer =>
  sequential(
    ['relu', relu],
    ['center', batchNorm({ affine: false })],
    ['conv', localConvolution(block, { bound, next })],
    ['norm', batchNorm()],
  );

/** U(-b, b) has the deviation b / sqrt(3). */
const bound = (fans: { readonly in: number }): number => LENGTH * Math.sqrt(3 / fans.in);

/** W + RATE |(|W_i| - 1)|^0.5 dW / max |dW|, with dW = sum over patches of y (x - u W); |W_i| of filter i. */
function next({ g, x, W, u, geometry }: LocalStep): Value {
  const y = competition(g, u);
  const yx = conv2dFilterGradient(g, x, y, { ...geometry, filterShape: W.shape });
  const yu = sum(g, multiply(g, y, u), { axes: [0, 1, 2] }); // [Cout]
  const dW = subtract(g, yx, multiply(g, W, yu));
  const largest = maximum(g, largestOf(g, abs(g, dW)), g.scalar(LEAST_UPDATE));
  const lengths = sqrt(g, sum(g, square(g, W), { axes: [0, 1, 2] })); // [Cout]
  const away = add(g, abs(g, subtract(g, lengths, g.scalar(1))), g.scalar(LEAST_DIFFERENCE));
  const rates = scale(g, sqrt(g, away), RATE); // [Cout]
  return add(g, W, multiply(g, rates, divide(g, dW, largest)));
}

/** softmax(u / T) over the filters, the winner's as it is, the others' negative. [N,H',W',Cout] */
function competition(g: Graph, u: Value): Value {
  const [filters = 0] = u.shape.slice(-1);
  const flat = reshape(g, u, [sizeOf(u.shape) / filters, filters]);
  const winner = oneHot(g, argmax(g, flat, 1), filters);
  // The cross-entropy's gradient is softmax - winner.
  const { gradient } = softmaxCrossEntropy(g, scale(g, flat, 1 / TEMPERATURE), winner);
  const softmax = add(g, gradient, winner);
  const signs = subtract(g, scale(g, winner, 2), g.scalar(1));
  return reshape(g, multiply(g, softmax, signs), u.shape);
}

/** The largest of all numbers, none of them negative. */
function largestOf(g: Graph, x: Value): Value {
  const flat = reshape(g, x, [sizeOf(x.shape)]);
  return total(g, multiply(g, flat, oneHot(g, argmax(g, flat, 0), sizeOf(x.shape))));
}
