// Forward-forward (Hinton 2022): a layer learns to answer strongly to pictures and weakly to hybrids of two of them, by the gradient
// of a loss of its own; the optimizer takes it like any other. It knows neither labels nor what stands above, and sends nothing back.
// Unlike the paper's networks: all layers learn at once and among others, and goodness is the mean of squares over the whole picture.
import { backpropagation, type Seen } from '../learning-rules/index.ts';
import {
  add,
  conv2d,
  conv2dFilterGradient,
  divide,
  exp,
  type Graph,
  mean,
  multiply,
  padded,
  relu as rectify,
  scale,
  sizeOf,
  square,
  subtract,
  type Value,
} from '../program/index.ts';
import { relu } from './activation.ts';
import type { ConvolutionBlock } from './convolution-block.ts';
import { hybridPictures } from './hybrid-pictures.ts';
import { type Layer, sequential } from './layer.ts';
import { unitLength } from './length.ts';
import { sendingNothing } from './local-convolution.ts';
import { scaledUp } from './loss-scale.ts';
import { batchNorm } from './normalization.ts';
import { learnByPass } from './passes.ts';
import { declareWeights } from './weights.ts';

/** theta: the mean square of the layer's input. */
const THRESHOLD = 1;

/** ReLU, length 1, forward-forward convolution, batch norm. */
export const forwardForwardConvolution = (block: ConvolutionBlock): Layer =>
  sequential(
    ['relu', relu],
    ['length', unitLength],
    ['conv', contrasting(block)],
    ['norm', batchNorm()],
  );

/** [N,H,W,Cin] -> u = x * W [N,H/stride,W/stride,filters]; the kernel's side is odd. */
const contrasting =
  ({ filters, kernel, stride = 1 }: ConvolutionBlock): Layer =>
  (at, x) => {
    const { g } = at;
    const [, ...input] = x.value.shape;
    const channels = input[2] ?? 0;
    const geometry = { stride, dilation: 1, padding: padded((kernel - 1) / 2) };
    const fans = { in: channels * kernel ** 2, out: filters * kernel ** 2 };
    const filterShape = [kernel, kernel, channels, filters];
    const plan = { shape: filterShape, fans, input };
    // No rule of the genotype is this layer's.
    const { W, learn } = declareWeights({ ...at, rule: backpropagation }, plan);
    const u = conv2d(g, x.value, W, geometry);
    const first = { x: x.value, y: u };
    const gradientAt = ({ x: seen, y }: Seen, sign: 1 | -1) =>
      conv2dFilterGradient(g, seen, towards(g, y, sign), { ...geometry, filterShape });
    if (at.mode === 'train')
      learnByPass(at, { pass: hybridPictures, seen: first }, (again) =>
        learn(
          scaledUp(
            at,
            g.inFull(() => add(g, gradientAt(first, 1), gradientAt(again, -1))),
          ),
        ),
      );
    return sendingNothing(at, x, { W, u, geometry });
  };

/**
 * du of the mean over the batch of log(1 + exp(sign (theta - G))), G the mean square of ReLU(u) in a picture: the layer learns that
 * these are pictures (1), or that they are not (-1).
 */
function towards(g: Graph, u: Value, sign: 1 | -1): Value {
  const [n = 0, ...answer] = u.shape;
  const h = rectify(g, u);
  const G = mean(g, square(g, h), { axes: [1, 2, 3], keepDims: true }); // [N,1,1,1]
  const wrong = scale(g, subtract(g, g.scalar(THRESHOLD), G), sign);
  const doubt = sigmoid(g, wrong);
  return multiply(g, scale(g, h, (-sign * 2) / (n * sizeOf(answer))), doubt);
}

/** 1 / (1 + exp(-z)) */
const sigmoid = (g: Graph, z: Value): Value =>
  divide(g, g.scalar(1), add(g, g.scalar(1), exp(g, scale(g, z, -1))));
