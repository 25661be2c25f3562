// Padding as TensorFlow's kernels want it. "SAME" is asymmetric at stride 2, so it stands only where it is equal.
import type { Padding, Shape } from '../../../program/index.ts';
import type { Output } from '../c-api.ts';
import type { NodeAttributes } from '../graph-builder.ts';
import type { Site } from './lowering.ts';

export const VALID: NodeAttributes = { padding: { text: 'VALID' } };
export const SAME: NodeAttributes = { padding: { text: 'SAME' } };

/** A window that slides over [N,H,W,C]; `extent` is what it covers, dilation included: [height, width]. */
export interface Sliding {
  readonly extent: readonly [number, number];
  readonly stride: number;
  readonly padding: Padding;
}

export const perAxis = (each: number): { readonly ints: readonly number[] } => ({
  ints: [1, each, each, 1],
});

export const isPadded = ({ top, bottom, left, right }: Padding): boolean =>
  top + bottom + left + right > 0;

export const explicit = ({ top, bottom, left, right }: Padding): NodeAttributes => ({
  padding: { text: 'EXPLICIT' },
  explicit_paddings: { ints: [0, 0, top, bottom, left, right, 0, 0] },
});

/** What "SAME" would put before and after a side. */
function sameOf(side: number, extent: number, stride: number): readonly [number, number] {
  const outputs = Math.ceil(side / stride);
  const total = Math.max((outputs - 1) * stride + extent - side, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function isSame(
  [, h = 0, w = 0]: Shape,
  { extent: [tall, wide], stride, padding: { top, bottom, left, right } }: Sliding,
): boolean {
  const [above, below] = sameOf(h, tall, stride);
  const [ahead, behind] = sameOf(w, wide, stride);
  return top === above && bottom === below && left === ahead && right === behind;
}

/** The padding's named form, where it has one; kernels that take no "EXPLICIT" pad first where it has none. */
export function named(input: Shape, sliding: Sliding): NodeAttributes | undefined {
  if (!isPadded(sliding.padding)) return VALID;
  return isSame(input, sliding) ? SAME : undefined;
}

export const paddedShape = ([n = 0, h = 0, w = 0, c = 0]: Shape, padding: Padding): Shape => [
  n,
  h + padding.top + padding.bottom,
  w + padding.left + padding.right,
  c,
];

/** @param value what is put around; 0 by default */
export function pad(site: Site, x: Output, padding: Padding, value = 0): Output {
  const { top, bottom, left, right } = padding;
  const paddings = site.constant('int32', [0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  if (value === 0) return site.node('Pad', [x, paddings], {}, 'padded');
  return site.node('PadV2', [x, paddings, site.constant('float32', [value], [])], {}, 'padded');
}

/** Takes the inside of a padded [N,H,W,C] out again. */
export const unpad = (site: Site, x: Output, inside: Shape, { top, left }: Padding): Output =>
  site.node('Slice', [x, site.ints([0, top, left, 0]), site.ints(inside)]);
