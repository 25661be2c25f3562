// Where an average pool of a library divides by the whole window, what turns its means into those over the pixels inside the picture.
import type { PoolGeometry, Shape } from '../program/index.ts';

interface Sides {
  /** [B,H,W,C] */
  readonly input: Shape;
  /** [B,H',W',C] */
  readonly output: Shape;
}

/** H' x W' in row-major order: window area / pixels inside. */
export function areaByPixelsInside(
  { window, stride, padding }: PoolGeometry,
  { input, output }: Sides,
): readonly number[] {
  const [, h = 0, w = 0] = input;
  const [, rows = 0, columns = 0] = output;
  const vertical = countsInside(h, rows, { window, stride, before: padding.top });
  const horizontal = countsInside(w, columns, { window, stride, before: padding.left });
  return vertical.flatMap((v) => horizontal.map((u) => (window * window) / (v * u)));
}

/** How many of a window's positions lie inside a side, for every window along it. */
const countsInside = (
  side: number,
  outputs: number,
  { window, stride, before }: { window: number; stride: number; before: number },
): readonly number[] =>
  Array.from({ length: outputs }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + window, side) - Math.max(start, 0);
  });
