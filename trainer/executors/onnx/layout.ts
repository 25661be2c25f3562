// Orders of axes. A value's tensor may lie in another order than the program's: ONNX's convolutions want channels before pixels,
// so what they give stays so until somebody asks for another order.
import { NCHW_OF_NHWC, OIHW_OF_HWIO } from '../../layouts.ts';

/** Axis of the value at each place of the tensor. */
export type Layout = readonly number[];

/** Of pictures. */
export const NCHW: Layout = NCHW_OF_NHWC;
/** Of pictures: channels take the batch's place. */
export const CNHW: Layout = [3, 0, 1, 2];
/** Of filters. */
export const OIHW: Layout = OIHW_OF_HWIO;
/** Of filters. */
export const IOHW: Layout = [2, 3, 0, 1];

/** Of filters. */
export const OHWI: Layout = [3, 0, 1, 2];

/** As the program has it. */
export const plainOf = (rank: number): Layout => Array.from({ length: rank }, (_, axis) => axis);

export const isSame = (a: Layout, b: Layout): boolean => a.every((axis, i) => axis === b[i]);

export const isPlain = (layout: Layout): boolean => layout.every((axis, i) => axis === i);

/** One thing an axis of the value, put into the order of the tensor's axes. */
export const inOrder = <T>(things: readonly T[], layout: Layout): readonly T[] =>
  layout.flatMap((axis) => (axis in things ? [things[axis] as T] : []));

/** What turns a tensor in `from` into one in `to`. */
export const permutationOf = (from: Layout, to: Layout): readonly number[] =>
  to.map((axis) => from.indexOf(axis));

/** Axes that are left in their order, renumbered. */
export function withoutAxes(layout: Layout, gone: readonly number[]): Layout {
  const left = layout.filter((axis) => !gone.includes(axis));
  const sorted = left.toSorted((a, b) => a - b);
  return left.map((axis) => sorted.indexOf(axis));
}
