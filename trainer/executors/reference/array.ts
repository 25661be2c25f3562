// Dense row-major arrays of float64, whatever their dtype says, and the walks over their indices.
import { type Dtype, type Shape, sizeOf } from '../../program/index.ts';

export interface NdArray {
  readonly dtype: Dtype;
  readonly shape: Shape;
  readonly data: Float64Array;
}

export const zeros = (shape: Shape, dtype: Dtype = 'float32'): NdArray => ({
  dtype,
  shape,
  data: new Float64Array(sizeOf(shape)),
});

/** Elements between neighbours along each axis. */
export function stridesOf(shape: Shape): readonly number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Index of every element in row-major order. The array is reused: copy what must last. */
export function* indicesOf(shape: Shape): Generator<readonly number[]> {
  const index = shape.map(() => 0);
  for (let left = sizeOf(shape); left > 0; left--) {
    yield index;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === shape[axis] ? 0 : next;
      if (index[axis] !== 0) break;
    }
  }
}

/** An array whose element at `index` is x[source(index)]. */
export function gather(
  x: NdArray,
  shape: Shape,
  source: (index: readonly number[]) => readonly number[] | undefined,
): NdArray {
  const strides = stridesOf(x.shape);
  const y = zeros(shape, x.dtype);
  let i = 0;
  for (const index of indicesOf(shape)) {
    const from = source(index);
    if (from !== undefined) y.data[i] = at(x.data, offset(from, strides));
    i++;
  }
  return y;
}

export const offset = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, i, axis) => sum + i * (strides[axis] ?? 0), 0);

/** An element that the loops know is there. */
export const at = (data: Float64Array, i: number): number => data[i] ?? Number.NaN;

export const add = (data: Float64Array, i: number, amount: number): void => {
  data[i] = at(data, i) + amount;
};
