// Hebbian convolution: that of the BioNAS code (ECAI 2025; paper.md 2.4) without its defects. Filters that fire together
// with a patch turn to it; Oja's decay keeps them bounded, in its form for many neurons (the subspace rule, Oja 1989): under the
// decay of one neuron (Oja 1982) all turn to the same direction. Together they come to span what patches have in common most.
import {
  add,
  clamp,
  conv2d,
  conv2dFilterGradient,
  divide,
  type Graph,
  matmul,
  maximum,
  reshape,
  scale,
  sizeOf,
  sqrt,
  square,
  subtract,
  sum,
  type Value,
} from '../program/index.ts';
import { relu } from './activation.ts';
import type { ConvolutionBlock } from './convolution-block.ts';
import { type Layer, sequential } from './layer.ts';
import { type LocalStep, localConvolution } from './local-convolution.ts';
import { batchNorm } from './normalization.ts';

/** Of the mean over all patches. The authors' is 0.0001 of their sum: 6.6 of the mean for 64 pictures of 32 x 32, and 0.4 at 8 x 8. */
const RATE = 0.1;
const LARGEST = 1;
/** Under a norm, so that a patch of zeros is no division by zero. */
const LEAST = 1e-12;

/** ReLU, Hebbian convolution, batch norm. */
export const hebbianConvolution = (block: ConvolutionBlock): Layer =>
  sequential(['relu', relu], ['conv', localConvolution(block, { next })], ['norm', batchNorm()]);

/** W + RATE (X^T Y - W Y^T Y) / P, clamped; rows of X [P, k k Cin] are patches, of Y [P, Cout] answers, each of length 1. */
function next({ g, x, W, u, geometry }: LocalStep): Value {
  const [outputs = 0] = W.shape.slice(-1);
  const patches = sizeOf(u.shape) / outputs;
  const y = divide(g, u, atLeast(g, sqrt(g, sum(g, square(g, u), { axes: [3], keepDims: true }))));
  const lengths = atLeast(g, patchLengths({ g, x, W, geometry }));
  // Dividing the answer to a patch by the patch's length is as good as dividing the patch.
  const XY = conv2dFilterGradient(g, x, divide(g, y, lengths), {
    ...geometry,
    filterShape: W.shape,
  });
  const Y = reshape(g, y, [patches, outputs]);
  const YY = matmul(g, Y, Y, { transposeA: true }); // [Cout, Cout]
  const filters = reshape(g, W, [sizeOf(W.shape) / outputs, outputs]);
  const decay = reshape(g, matmul(g, filters, YY), W.shape);
  const dH = scale(g, subtract(g, XY, decay), RATE / patches);
  return clamp(g, add(g, W, dH), LARGEST);
}

/** The length of each patch [N,H',W',1]: squares are added up over the channels, then over the window. */
function patchLengths({ g, x, W, geometry }: Omit<LocalStep, 'u'>): Value {
  const [height = 0, width = 0] = W.shape;
  const squares = sum(g, square(g, x), { axes: [3], keepDims: true });
  const window = g.constant(Array(height * width).fill(1), [height, width, 1, 1]);
  return sqrt(g, conv2d(g, squares, window, geometry));
}

const atLeast = (g: Graph, length: Value): Value => maximum(g, length, g.scalar(LEAST));
