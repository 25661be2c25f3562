// Matrix product, and the three bilinear forms of convolution over one list of (input, filter, output) triples:
// y[n,i,j,o] += x[n,p,q,c] w[u,v,c',o] with p = i s + u d - top, q = j s + v d - left, c in o's group.
import type { ConvolutionGeometry, Shape } from '../../../program/index.ts';
import { add, at, gather, type NdArray, zeros } from '../array.ts';
import type { Kernels } from './kernel.ts';

interface Shapes {
  readonly x: Shape;
  readonly w: Shape;
  readonly y: Shape;
}

type Visit = (x: number, w: number, y: number) => void;

/** Positions (input row, filter row, output row) of one axis whose input lies inside the picture. */
function overlaps(
  { side, window, outputs }: { side: number; window: number; outputs: number },
  { stride, dilation, before }: { stride: number; dilation: number; before: number },
): readonly (readonly [input: number, filter: number, output: number])[] {
  const inside = [];
  for (let i = 0; i < outputs; i++)
    for (let u = 0; u < window; u++) {
      const p = i * stride + u * dilation - before;
      if (p >= 0 && p < side) inside.push([p, u, i] as const);
    }
  return inside;
}

/** Calls `visit` with the offsets of every product that the convolution sums. */
function forEachProduct({ x, w, y }: Shapes, geometry: ConvolutionGeometry, visit: Visit): void {
  const [n = 0, h = 0, width = 0, c = 0] = x;
  const [kh = 0, kw = 0, perGroup = 0, o = 0] = w;
  const [, rows = 0, columns = 0] = y;
  const { stride, dilation, padding } = geometry;
  const vertical = overlaps(
    { side: h, window: kh, outputs: rows },
    { stride, dilation, before: padding.top },
  );
  const horizontal = overlaps(
    { side: width, window: kw, outputs: columns },
    { stride, dilation, before: padding.left },
  );
  for (let b = 0; b < n; b++)
    for (const [p, u, i] of vertical)
      for (const [q, v, j] of horizontal)
        forEachChannel({ c, perGroup, o }, (input, filter, output) =>
          visit(
            ((b * h + p) * width + q) * c + input,
            ((u * kw + v) * perGroup + filter) * o + output,
            ((b * rows + i) * columns + j) * o + output,
          ),
        );
}

/** (input channel, filter's third index, output channel) of every pair in one group. */
function forEachChannel(
  { c, perGroup, o }: { c: number; perGroup: number; o: number },
  visit: Visit,
): void {
  const outputsPerGroup = o / (c / perGroup);
  for (let output = 0; output < o; output++) {
    const group = Math.floor(output / outputsPerGroup);
    for (let k = 0; k < perGroup; k++) visit(group * perGroup + k, k, output);
  }
}

const transposed = (x: NdArray): NdArray =>
  gather(x, x.shape.toReversed(), (index) => index.toReversed());

export const convolution: Kernels<
  'matmul' | 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'
> = {
  matmul: ([a, b], { attributes: { transposeA, transposeB } }) => {
    const [left, right] = [transposeA ? transposed(a) : a, transposeB ? transposed(b) : b];
    const [rows = 0, inner = 0] = left.shape;
    const [, columns = 0] = right.shape;
    const y = zeros([rows, columns]);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++)
          add(
            y.data,
            i * columns + j,
            at(left.data, i * inner + k) * at(right.data, k * columns + j),
          );
    return [y];
  },

  conv2d: ([x, w], { attributes, outputs: [value] }) => {
    const y = zeros(value?.shape ?? []);
    const shapes = { x: x.shape, w: w.shape, y: y.shape };
    forEachProduct(shapes, attributes, (p, q, r) => add(y.data, r, at(x.data, p) * at(w.data, q)));
    return [y];
  },

  conv2dInputGradient: ([w, dy], { attributes }) => {
    const dx = zeros(attributes.inputShape);
    const shapes = { x: dx.shape, w: w.shape, y: dy.shape };
    forEachProduct(shapes, attributes, (p, q, r) =>
      add(dx.data, p, at(w.data, q) * at(dy.data, r)),
    );
    return [dx];
  },

  conv2dFilterGradient: ([x, dy], { attributes }) => {
    const dw = zeros(attributes.filterShape);
    const shapes = { x: x.shape, w: dw.shape, y: dy.shape };
    forEachProduct(shapes, attributes, (p, q, r) =>
      add(dw.data, q, at(x.data, p) * at(dy.data, r)),
    );
    return [dw];
  },
};
