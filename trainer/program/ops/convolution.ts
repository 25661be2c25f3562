// Matrix product, convolution and its two gradients. A learning rule passes its feedback weights where W would stand.
import type { Graph } from '../graph.ts';
import type { ConvolutionGeometry, Padding } from '../operations.ts';
import type { Shape, Value } from '../values.ts';

export const padded = (each: number): Padding => ({
  top: each,
  bottom: each,
  left: each,
  right: each,
});

/** Side of the output of a window that slides over a padded side. */
export const slidOver = (
  side: number,
  window: number,
  { stride, before, after }: { stride: number; before: number; after: number },
): number => Math.floor((side + before + after - window) / stride) + 1;

/** Windows larger than the padded picture have no place to stand. */
export function refuseEmpty(g: Graph, x: Value, sides: readonly [height: number, width: number]) {
  if (sides.some((side) => side < 1)) g.refuse(`the window does not fit into [${x.shape}]`);
}

export function matmul(
  g: Graph,
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Value {
  const [rows = 0, inner] = transposeA ? [...a.shape].reverse() : a.shape;
  const [innerB, columns = 0] = transposeB ? [...b.shape].reverse() : b.shape;
  if (inner !== innerB) g.refuse(`matmul of [${a.shape}] and [${b.shape}] does not fit`);
  return g.emitOne('matmul', [a, b], { transposeA, transposeB }, [rows, columns]);
}

/** x [N,H,W,C] * w [k,k,C/groups,O] -> [N,H',W',O] */
export function conv2d(g: Graph, x: Value, w: Value, geometry: ConvolutionGeometry): Value {
  const [n = 0, h = 0, width = 0, c = 0] = x.shape;
  const [kh = 0, kw = 0, perGroup = 0, o = 0] = w.shape;
  if (c % perGroup !== 0 || o % (c / perGroup) !== 0)
    g.refuse(`conv2d of [${x.shape}] with filter [${w.shape}] does not fit`);
  const { stride, dilation, padding } = geometry;
  const height = slidOver(h, dilation * (kh - 1) + 1, {
    stride,
    before: padding.top,
    after: padding.bottom,
  });
  const across = slidOver(width, dilation * (kw - 1) + 1, {
    stride,
    before: padding.left,
    after: padding.right,
  });
  refuseEmpty(g, x, [height, across]);
  return g.emitOne('conv2d', [x, w], geometry, [n, height, across, o]);
}

export const conv2dInputGradient = (
  g: Graph,
  weights: Value,
  dy: Value,
  { inputShape, ...geometry }: ConvolutionGeometry & { inputShape: Shape },
): Value =>
  g.emitOne('conv2dInputGradient', [weights, dy], { ...geometry, inputShape }, inputShape);

export const conv2dFilterGradient = (
  g: Graph,
  x: Value,
  dy: Value,
  { filterShape, ...geometry }: ConvolutionGeometry & { filterShape: Shape },
): Value => g.emitOne('conv2dFilterGradient', [x, dy], { ...geometry, filterShape }, filterShape);
