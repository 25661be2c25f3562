// What a convolution sends back when every place of its output has the same signal: the input gradient without a convolution.
// A pixel gets the sum of the taps that reach it, and which do is a matter of its row and of its column apart.
import {
  type ConvolutionGeometry,
  type Graph,
  matmul,
  reshape,
  type Shape,
  transpose,
  type Value,
} from '../program/index.ts';

export interface Spread extends ConvolutionGeometry {
  /** [N,H,W,C] */
  readonly inputShape: Shape;
  /** [N,H',W',..] */
  readonly outputShape: Shape;
}

/** B [k,k,C,n], signal [N,n] -> [N,H,W,C]: conv2dInputGradient of B and the signal at all H' x W' places. */
export function spread(g: Graph, B: Value, signal: Value, how: Spread): Value {
  const { inputShape, outputShape, stride, dilation, padding } = how;
  const [n = 0, h = 0, w = 0, c = 0] = inputShape;
  const [, rows = 0, columns = 0] = outputShape;
  const [kh = 0, kw = 0, , filters = 0] = B.shape;
  const flat = reshape(g, B, [kh * kw * c, filters]);
  const taps = reshape(g, matmul(g, signal, flat, { transposeB: true }), [n, kh, kw, c]);
  const alongWidth = { side: w, window: kw, places: columns, stride, dilation };
  const alongHeight = { side: h, window: kh, places: rows, stride, dilation };
  const byColumn = reshape(g, transpose(g, taps, [2, 1, 0, 3]), [kw, kh * n * c]);
  const across = matmul(g, reaching(g, { ...alongWidth, before: padding.left }), byColumn); // [W, kh N C]
  const byRow = transpose(g, reshape(g, across, [w, kh, n, c]), [1, 0, 2, 3]);
  const down = matmul(
    g,
    reaching(g, { ...alongHeight, before: padding.top }),
    reshape(g, byRow, [kh, w * n * c]),
  ); // [H, W N C]
  return transpose(g, reshape(g, down, [h, w, n, c]), [2, 0, 1, 3]);
}

interface Line {
  /** Of the input. */
  readonly side: number;
  readonly window: number;
  /** Of the output. */
  readonly places: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding. */
  readonly before: number;
}

/** [side, window]: 1 where the tap reaches the pixel from some place of the output. */
function reaching(g: Graph, line: Line): Value {
  const { side, window, places, stride, dilation, before } = line;
  const reaches = (pixel: number, tap: number): boolean => {
    const place = (pixel + before - tap * dilation) / stride;
    return Number.isInteger(place) && place >= 0 && place < places;
  };
  const data = Array.from({ length: side * window }, (_, i) =>
    reaches(Math.floor(i / window), i % window) ? 1 : 0,
  );
  return g.constant(data, [side, window]);
}
