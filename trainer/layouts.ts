// Between the step program's layouts and everybody else's: NHWC pictures become NCHW, HWIO filters become OIHW.
import { type Shape, sizeOf } from './program/index.ts';

/** Axis of the step program's layout at each place of the other. */
export const NCHW_OF_NHWC = [0, 3, 1, 2] as const;
export const OIHW_OF_HWIO = [3, 2, 0, 1] as const;

export interface Laid<A> {
  readonly shape: Shape;
  readonly data: A;
}

/** Row-major data with its axes in another order: axis i of the result is axis permutation[i] of the argument. */
export function permuted<A extends Float32Array | Float64Array | Int32Array | Uint8Array>(
  { shape, data }: Laid<A>,
  permutation: readonly number[],
): Laid<A> {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sides = permutation.map((axis) => shape[axis] ?? 1);
  const steps = permutation.map((axis) => strides[axis] ?? 1);
  const result = data.slice() as A;
  const index = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from] ?? 0;
    from = advance(index, from, { sides, steps });
  }
  return { shape: sides, data: result };
}

/** Counts `index` up in row-major order and gives the offset that belongs to it. */
function advance(
  index: number[],
  offset: number,
  { sides, steps }: { sides: readonly number[]; steps: readonly number[] },
): number {
  let next = offset;
  for (let axis = sides.length - 1; axis >= 0; axis--) {
    const [side = 1, step = 0, at = 0] = [sides[axis], steps[axis], index[axis]];
    next += step;
    index[axis] = at + 1;
    if (at + 1 < side) return next;
    next -= side * step;
    index[axis] = 0;
  }
  return next;
}
