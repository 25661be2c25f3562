// Inputs of entries that are asked of no real pictures: one number throughout, and no draws.
import type { Tensor } from '../executors/index.ts';

export const filled = (shape: readonly number[], value: number): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((size, n) => size * n, 1)).fill(value),
});

/** The key of an entry that draws nothing by it. */
export const noKey = (): Tensor => ({ dtype: 'int32', shape: [2], data: new Int32Array(2) });
