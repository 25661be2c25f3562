// Elementwise operators, pairs with numpy's broadcasting.
import type { Dtype, Operation, OperationKind, Shape } from '../../../program/index.ts';
import { at, indicesOf, type NdArray, offset, stridesOf, zeros } from '../array.ts';
import type { Kernel, Kernels } from './kernel.ts';

type Elementwise =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'less'
  | 'equal'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'square'
  | 'floor'
  | 'exp'
  | 'log'
  | 'relu'
  | 'reluGradient'
  | 'cast';

/** Strides of x seen as `shape`: 0 along the axes where x is stretched. */
function stretchedStrides(x: NdArray, shape: Shape): readonly number[] {
  const own = stridesOf(x.shape);
  const lead = shape.length - x.shape.length;
  return shape.map((_, axis) => (x.shape[axis - lead] === 1 ? 0 : (own[axis - lead] ?? 0)));
}

const outputOf = ({ outputs: [value] }: Operation): { shape: Shape; dtype: Dtype } => ({
  shape: value?.shape ?? [],
  dtype: value?.dtype ?? 'float32',
});

const pair =
  <K extends OperationKind>(f: (a: number, b: number) => number): Kernel<K> =>
  ([a, b], operation) => {
    const { shape, dtype } = outputOf(operation);
    const [left, right] = [stretchedStrides(a, shape), stretchedStrides(b, shape)];
    const y = zeros(shape, dtype);
    let i = 0;
    for (const index of indicesOf(shape))
      y.data[i++] = f(at(a.data, offset(index, left)), at(b.data, offset(index, right)));
    return [y];
  };

const single =
  <K extends OperationKind>(f: (x: number) => number): Kernel<K> =>
  ([x], operation) => [{ ...outputOf(operation), data: x.data.map(f) }];

const isWhole = (dtype: Dtype): boolean => dtype === 'int32' || dtype === 'uint8';

export const elementwise: Kernels<Elementwise> = {
  add: pair((a, b) => a + b),
  subtract: pair((a, b) => a - b),
  multiply: pair((a, b) => a * b),
  divide: pair((a, b) => a / b),
  maximum: pair(Math.max),
  minimum: pair(Math.min),
  less: pair((a, b) => Number(a < b)),
  equal: pair((a, b) => Number(a === b)),
  sqrt: single(Math.sqrt),
  abs: single(Math.abs),
  sign: single(Math.sign),
  square: single((x) => x * x),
  floor: single(Math.floor),
  exp: single(Math.exp),
  log: single(Math.log),
  relu: single((x) => Math.max(x, 0)),
  reluGradient: pair((dy, y) => (y > 0 ? dy : 0)),
  cast: ([x], { attributes: { to } }) => [
    { dtype: to, shape: x.shape, data: isWhole(to) ? x.data.map(Math.trunc) : x.data },
  ],
};
