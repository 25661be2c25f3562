// Tensors for tests: seeded numbers in [-1, 1), and how far two tensors are apart.
import type { Session, Tensor, Tensors } from '../../trainer/executors/index.ts';
import { type Shape, sizeOf, type Value, type Variable } from '../../trainer/program/index.ts';

/** Multiples of 2^-20, so that float32 and float64 hold the same. */
export function makeNumbers(count: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2048) / 2 ** 20 - 1;
  });
}

export const makeTensor = (shape: Shape, seed = 1): Tensor => ({
  dtype: 'float32',
  shape,
  data: makeNumbers(sizeOf(shape), seed),
});

export const tensorOf = (data: readonly number[], shape: Shape = [data.length]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
});

export const intsOf = (...data: readonly number[]): Tensor => ({
  dtype: 'int32',
  shape: [data.length],
  data: Int32Array.from(data),
});

/** A tensor for each input, all different. */
export const makeInputs = (inputs: Readonly<Record<string, Value>>): Tensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }], i) => [name, makeTensor(shape, i + 1)]),
  );

export const writeEach = (
  session: Session,
  variables: readonly Variable[],
  values: (variable: Variable, i: number) => readonly number[],
): Promise<void> =>
  session.write(
    Object.fromEntries(
      variables.map((variable, i) => [
        variable.name,
        tensorOf(values(variable, i), variable.shape),
      ]),
    ),
  );

/** Largest difference, relative to the larger of 1 and the largest true element. */
export function distance(actual: Tensor, truth: Tensor): number {
  if (`${actual.dtype} ${actual.shape}` !== `${truth.dtype} ${truth.shape}`) return Infinity;
  const apart = Array.from(truth.data, (element, i) => element - (actual.data[i] ?? NaN));
  return largest(apart) / Math.max(1, largest(Array.from(truth.data)));
}

/** Largest magnitude; not by spreading, which overflows the stack at a hundred thousand elements. */
const largest = (elements: readonly number[]): number =>
  elements.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** Of float64: each number brought into [-most, most]. */
export const clamped = (x: Tensor, most: number): Tensor => ({
  ...x,
  data: Float64Array.from(x.data, (each) => Math.max(-most, Math.min(most, each))),
});

/** The truth as float32 holds it. */
export const rounded = (truth: Tensor): Tensor =>
  truth.dtype === 'float32' ? { ...truth, data: Float32Array.from(truth.data) } : truth;
