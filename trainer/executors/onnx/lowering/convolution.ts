// Matrix product, convolution and its gradients. ONNX has no gradients: the input's is a convolution with the filter turned
// around, or a transposed one; the filter's is a convolution of the input by the output's gradient, in which batch and channels
// change places and stride and dilation do.
import type { ConvolutionGeometry, Padding, Shape, Value } from '../../../program/index.ts';
import { CNHW, IOHW, isPlain, NCHW, OHWI, OIHW, plainOf } from '../layout.ts';
import { convolved } from './convolved.ts';
import { type Lowerings, operandsOf, outputOf, type Site } from './lowering.ts';
import { type Frame, framed, spread } from './spacing.ts';

/** [top, left, bottom, right] */
export const padsOf = ({ top, left, bottom, right }: Padding): readonly number[] => [
  top,
  left,
  bottom,
  right,
];

const twice = (each: number): readonly number[] => [each, each];

const groupsOf = (channels: number, [, , perGroup = 1]: Shape): number => channels / perGroup;

/** How far a window reaches, dilation included. */
const extentOf = ([kh = 0, kw = 0]: Shape, dilation: number): readonly [number, number] => [
  dilation * (kh - 1) + 1,
  dilation * (kw - 1) + 1,
];

const picturesIn = (tensor: string) => ({ tensor, layout: NCHW });

/** [G a, b, H, W] -> [G b, a, H, W], group by group */
function swapInGroups(
  site: Site,
  w: string,
  { groups, sides: [ga = 0, b = 0, h = 0, width = 0] }: { groups: number; sides: Shape },
): string {
  const a = ga / groups;
  const apart = site.node('Reshape', [w, site.ints([groups, a, b, h, width])]);
  const swapped = site.node('Transpose', [apart], { perm: [0, 2, 1, 3, 4] });
  return site.node('Reshape', [swapped, site.ints([groups * b, a, h, width])]);
}

/** Rows and columns in reverse. WebGPU's Slice goes forwards only, whatever its steps. */
function turned(site: Site, w: string, [kh = 0, kw = 0]: Shape): string {
  const reverse = (from: string, side: number, axis: number) =>
    side === 1
      ? from
      : site.node('Gather', [from, site.ints(plainOf(side).toReversed())], { axis });
  return reverse(reverse(w, kh, 2), kw, 3);
}

interface InputGradient {
  readonly geometry: ConvolutionGeometry;
  readonly w: Value;
  readonly dy: Value;
  readonly input: Shape;
}

/** dy, with zeros between its pixels where the stride left some out, convolved with the filter turned around. */
function byTurnedFilter(site: Site, { geometry, w, dy, input }: InputGradient): string {
  const { dilation, stride } = geometry;
  const [kh = 0, kw = 0, perGroup = 0, o = 0] = w.shape;
  const group = groupsOf(input[3] ?? 0, w.shape);
  const filter =
    group === 1
      ? site.laid(w, IOHW)
      : swapInGroups(site, site.laid(w, OIHW), { groups: group, sides: [o, perGroup, kh, kw] });
  const spaced = spread(site, site.laid(dy, NCHW), { stride, shape: dy.shape });
  const around = aroundOf({ geometry, w, dy, input });
  const cut = around.map((sides) => sides.map((each) => Math.min(each, 0)));
  const isCut = cut.flat().some((each) => each < 0);
  const inner = isCut ? framed(site, spaced, cut as unknown as Frame) : spaced;
  const [above = 0, below = 0, left = 0, right = 0] = around
    .flat()
    .map((each) => Math.max(each, 0));
  return convolved(site, {
    x: inner,
    w: turned(site, filter, w.shape),
    channels: o,
    attributes: {
      kernel_shape: [kh, kw],
      strides: [1, 1],
      dilations: twice(dilation),
      pads: [above, left, below, right],
      group,
    },
    behind: [below, right],
  });
}

/** What must stand around dy so that the filter gives the input's sides; negative: what is cut off. */
function aroundOf({ geometry, w, dy, input }: InputGradient): Frame {
  const { stride, dilation, padding } = geometry;
  const [, rows = 0, columns = 0] = dy.shape;
  const [, h = 0, width = 0] = input;
  const [tall, wide] = extentOf(w.shape, dilation);
  const [above, ahead] = [tall - 1 - padding.top, wide - 1 - padding.left];
  return [
    [above, h - ((rows - 1) * stride + 1) - above + tall - 1],
    [ahead, width - ((columns - 1) * stride + 1) - ahead + wide - 1],
  ];
}

function byTransposedConvolution(site: Site, { geometry, w, dy, input }: InputGradient): string {
  const { stride, dilation, padding } = geometry;
  const [kh = 0, kw = 0] = w.shape;
  const [, rows = 0, columns = 0] = dy.shape;
  const [tall, wide] = extentOf(w.shape, dilation);
  const [, h = 0, width = 0, c = 0] = input;
  const rest = [
    h + padding.top + padding.bottom - ((rows - 1) * stride + tall),
    width + padding.left + padding.right - ((columns - 1) * stride + wide),
  ];
  return site.node('ConvTranspose', [site.laid(dy, NCHW), site.laid(w, OIHW)], {
    kernel_shape: [kh, kw],
    strides: twice(stride),
    dilations: twice(dilation),
    pads: padsOf(padding),
    output_padding: rest,
    group: groupsOf(c, w.shape),
  });
}

interface FilterGradient {
  readonly geometry: ConvolutionGeometry;
  readonly x: Value;
  readonly dy: Value;
  readonly filter: Shape;
}

/** What must stand behind each side so that the last window reaches it; negative: what is left over. */
function behindOf(
  { stride, dilation, padding: { top, left } }: ConvolutionGeometry,
  { x, dy, filter }: Omit<FilterGradient, 'geometry'>,
): readonly [number, number] {
  const [, h = 0, w = 0] = x.shape;
  const [, rows = 0, columns = 0] = dy.shape;
  const [tall, wide] = extentOf(filter, dilation);
  return [(rows - 1) * stride + tall - h - top, (columns - 1) * stride + wide - w - left];
}

/** The input's channels as batch, its batch as channels: [C/G, G N, H, W] from [C, N, H, W]. */
function channelsAsBatch(site: Site, x: Value, groups: number): string {
  const [n = 0, h = 0, w = 0, c = 0] = x.shape;
  const laid = site.laid(x, CNHW);
  if (groups === 1) return laid;
  const perGroup = c / groups;
  if (perGroup === 1) return site.node('Reshape', [laid, site.ints([1, c * n, h, w])]);
  const apart = site.node('Reshape', [laid, site.ints([groups, perGroup, n, h, w])]);
  const swapped = site.node('Transpose', [apart], { perm: [1, 0, 2, 3, 4] });
  return site.node('Reshape', [swapped, site.ints([perGroup, groups * n, h, w])]);
}

/** The picture's pixels under each place of the filter, side by side: [N, kh kw C, H' W']. */
function patches(site: Site, { geometry, x, dy, filter }: FilterGradient): string {
  const { stride, dilation, padding } = geometry;
  const [kh = 0, kw = 0] = filter;
  const [n = 0, , , c = 0] = x.shape;
  const [, rows = 0, columns = 0] = dy.shape;
  const [below, beside] = behindOf(geometry, { x, dy, filter });
  const pads = [0, 0, padding.top, padding.left, 0, 0, Math.max(below, 0), Math.max(beside, 0)];
  const laid = site.laid(x, NCHW);
  const framed = pads.some((each) => each > 0) ? site.node('Pad', [laid, site.ints(pads)]) : laid;
  const parts = Array.from({ length: kh * kw }, (_, place) => {
    const begin = [Math.floor(place / kw) * dilation, (place % kw) * dilation];
    const [top = 0, left = 0] = begin;
    const end = [top + (rows - 1) * stride + 1, left + (columns - 1) * stride + 1];
    const ranges = [begin, end, [2, 3], twice(stride)].map((each) => site.ints(each));
    return site.node('Slice', [framed, ...ranges]);
  });
  const all = parts.length === 1 ? (parts[0] ?? framed) : site.node('Concat', parts, { axis: 1 });
  return site.node('Reshape', [all, site.ints([n, kh * kw * c, rows * columns])]);
}

/** a b', picture by picture */
const byTransposed = (site: Site, a: string, b: string): string =>
  site.provider === 'cpu'
    ? site.node('com.microsoft.FusedMatMul', [a, b], { transB: 1 })
    : site.node('MatMul', [a, site.node('Transpose', [b], { perm: [0, 2, 1] })]);

/** [O,kh,kw,I]: a product a picture, then their sum. */
function byPatches(site: Site, plan: FilterGradient): string {
  const { dy, x, filter } = plan;
  const [n = 0, rows = 0, columns = 0, o = 0] = dy.shape;
  const [kh = 0, kw = 0] = filter;
  const flat = site.node('Reshape', [site.laid(dy, NCHW), site.ints([n, o, rows * columns])]);
  const products = byTransposed(site, flat, patches(site, plan));
  const sum = site.node('ReduceSum', [products, site.ints([0])], { keepdims: 0 });
  return site.node('Reshape', [sum, site.ints([o, kh, kw, x.shape[3] ?? 0])]);
}

/** [I,O,kh,kw] */
function bySwappedRoles(site: Site, { geometry, x, dy, filter }: FilterGradient): string {
  const { stride, dilation, padding } = geometry;
  const [kh = 0, kw = 0] = filter;
  const [, rows = 0, columns = 0] = dy.shape;
  const group = groupsOf(x.shape[3] ?? 0, filter);
  const [below, beside] = behindOf(geometry, { x, dy, filter });
  const full = site.node('Conv', [channelsAsBatch(site, x, group), site.laid(dy, CNHW)], {
    kernel_shape: [rows, columns],
    strides: twice(dilation),
    dilations: twice(stride),
    pads: [padding.top, padding.left, Math.max(below, 0), Math.max(beside, 0)],
    group,
  });
  if (below >= 0 && beside >= 0) return full;
  return site.node('Slice', [full, site.ints([0, 0]), site.ints([kh, kw]), site.ints([2, 3])]);
}

export const convolution: Lowerings<
  'matmul' | 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'
> = {
  matmul: (site, operation) => {
    const [a, b] = operandsOf(operation);
    const { transposeA, transposeB } = operation.attributes;
    const operand = (value: Value) => {
      const layout = site.layoutOf(value) ?? plainOf(2);
      return { tensor: site.laid(value, layout), isTurned: !isPlain(layout) };
    };
    const [left, right] = [operand(a), operand(b)];
    const tensor = site.node('Gemm', [left.tensor, right.tensor], {
      transA: Number(transposeA !== left.isTurned),
      transB: Number(transposeB !== right.isTurned),
    });
    return [{ tensor, layout: plainOf(2) }];
  },

  conv2d: (site, operation) => {
    const [x, w] = operandsOf(operation);
    const { stride, dilation, padding } = operation.attributes;
    const channels = x.shape[3] ?? 0;
    const attributes = {
      kernel_shape: w.shape.slice(0, 2),
      strides: twice(stride),
      dilations: twice(dilation),
      pads: padsOf(padding),
      group: groupsOf(channels, w.shape),
    };
    const operands = { x: site.laid(x, NCHW), w: site.laid(w, OIHW) };
    const [rows = 0, columns = 0] = outputOf(operation).shape.slice(1);
    const [h = 0, width = 0] = x.shape.slice(1);
    const reached = (side: number) => Math.floor((side - 1) / stride) + 1;
    const behind = [rows - reached(h), columns - reached(width)] as const;
    return [picturesIn(convolved(site, { ...operands, channels, attributes, behind }))];
  },

  conv2dInputGradient: (site, operation) => {
    const [w, dy] = operandsOf(operation);
    const { inputShape, ...geometry } = operation.attributes;
    const plan = { geometry, w, dy, input: inputShape };
    const isEven =
      geometry.stride === 1 &&
      aroundOf(plan)
        .flat()
        .every((each) => each >= 0);
    // WebGPU's ConvTranspose is wrong where groups have more channels on one side than on the other.
    const turns = isEven || site.provider === 'webgpu';
    return [picturesIn(turns ? byTurnedFilter(site, plan) : byTransposedConvolution(site, plan))];
  },

  conv2dFilterGradient: (site, operation) => {
    const [x, dy] = operandsOf(operation);
    const { filterShape, ...geometry } = operation.attributes;
    const filter = outputOf(operation).shape;
    const plan = { geometry, x, dy, filter };
    if (groupsOf(x.shape[3] ?? 0, filter) > 1)
      return [{ tensor: bySwappedRoles(site, plan), layout: IOHW }];
    return [{ tensor: byPatches(site, plan), layout: OHWI }];
  },
};
