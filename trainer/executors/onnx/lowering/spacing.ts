// Room in pictures [N,C,H,W]: zeros between pixels, and a frame around them.
import type { Shape } from '../../../program/index.ts';
import type { Site } from './lowering.ts';

interface Spacing {
  readonly stride: number;
  /** as the program has it: [N,H',W',C] */
  readonly shape: Shape;
}

/** [N,C,H',W'] -> [N,C,s (H' - 1) + 1, s (W' - 1) + 1], zeros between the pixels. */
export function spread(
  site: Site,
  y: string,
  { stride, shape: [n = 0, rows = 0, columns = 0, c = 0] }: Spacing,
): string {
  if (stride === 1) return y;
  const apart = site.node('Reshape', [y, site.ints([n, c, rows, 1, columns, 1])]);
  const more = stride - 1;
  const filled = site.node('Pad', [apart, site.ints([0, 0, 0, 0, 0, 0, 0, 0, 0, more, 0, more])]);
  const joined = site.node('Reshape', [filled, site.ints([n, c, rows * stride, columns * stride])]);
  const ends = site.ints([(rows - 1) * stride + 1, (columns - 1) * stride + 1]);
  return site.node('Slice', [joined, site.ints([0, 0]), ends, site.ints([2, 3])]);
}

/** [before, after] of rows and columns. */
export type Frame = readonly [readonly [number, number], readonly [number, number]];

/** Zeros around, or a cut where a side is negative. */
export function framed(
  site: Site,
  x: string,
  [[above, below], [ahead, behind]]: Frame,
  value?: number,
): string {
  const pads = site.ints([0, 0, above, ahead, 0, 0, below, behind]);
  return site.node('Pad', [x, pads, ...(value === undefined ? [] : [site.scalar(value)])]);
}
