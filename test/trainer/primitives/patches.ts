// A picture as the patches that the filters of a 3x3 convolution see, one by one: slow, and nothing that an executor computes.
import type { Tensor } from '../../../trainer/executors/index.ts';

export type Row = readonly number[];

const SIDE = 3;

/** Patches of a picture [N,H,W,C] with a border of zeros, in the order of a filter's numbers. */
export function patchesOf({ shape, data }: Tensor, stride: number): readonly Row[] {
  const [n = 0, h = 0, w = 0, c = 0] = shape;
  const at = (picture: number, y: number, x: number, channel: number): number =>
    y < 0 || x < 0 || y >= h || x >= w
      ? 0
      : (data[((picture * h + y) * w + x) * c + channel] ?? Number.NaN);
  const patches: Row[] = [];
  for (let picture = 0; picture < n; picture += 1)
    for (let y = 0; y < h; y += stride)
      for (let x = 0; x < w; x += stride)
        patches.push(
          Array.from({ length: SIDE * SIDE * c }, (_, k) => {
            const tap = Math.floor(k / c);
            return at(picture, y + Math.floor(tap / SIDE) - 1, x + (tap % SIDE) - 1, k % c);
          }),
        );
  return patches;
}

/** Filters of W [k,k,Cin,Cout]. */
export function columns({ shape, data }: Tensor): readonly Row[] {
  const filters = shape.at(-1) ?? 0;
  return Array.from({ length: filters }, (_, i) =>
    Array.from(data).filter((_each, at) => at % filters === i),
  );
}

export const dot = (a: Row, b: Row): number =>
  a.reduce((sum, each, k) => sum + each * (b[k] ?? Number.NaN), 0);

export const length = (row: Row): number => Math.sqrt(dot(row, row));

export const answers = (filters: readonly Row[], patch: Row): Row =>
  filters.map((filter) => dot(filter, patch));
