// Programs of elementwise operators: every pair in every way of broadcasting, every single one around its corners.
import {
  abs,
  add,
  cast,
  divide,
  equal,
  exp,
  floor,
  type Graph,
  less,
  log,
  maximum,
  minimum,
  multiply,
  relu,
  reluGradient,
  type Shape,
  sign,
  sqrt,
  square,
  subtract,
} from '../../../trainer/program/index.ts';
import { intsOf, tensorOf } from '../../builders/tensors.ts';
import { type ProgramCase, table } from './program-case.ts';

const PAIRS = { add, subtract, multiply, divide, maximum, minimum, less };
const SINGLES = { abs, sign, square, floor, exp, relu };
const SHAPES: Readonly<Record<string, readonly [Shape, Shape]>> = {
  'equal shapes': [
    [2, 3],
    [2, 3],
  ],
  'a bias': [[2, 3, 2, 5], [5]],
  'a scalar': [[], [4, 3]],
  'both stretched': [
    [2, 1, 3],
    [4, 1],
  ],
};

const nonZero = tensorOf([0.5, -1.25, 3, -0.75, 2], [5]);

export const elementwise: readonly ProgramCase[] = [
  ...table(PAIRS).flatMap(([kind, apply]) =>
    table(SHAPES).map(([shapes, [a, b]]) => ({
      name: `${kind} of ${shapes}`,
      exact: kind !== 'divide',
      write: (g: Graph) => ({ y: apply(g, g.input('a', a), g.input('b', b)) }),
    })),
  ),
  ...table(SINGLES).map(([kind, apply]) => ({
    name: kind,
    exact: kind !== 'exp',
    given: { x: tensorOf([-2.5, -1, -0.25, 0, 0.25, 1, 2.5], [7]) },
    write: (g: Graph) => ({ y: apply(g, g.input('x', [7])) }),
  })),
  ...table({ sqrt, log }).map(([kind, apply]) => ({
    name: kind,
    given: { x: tensorOf([0.01, 0.5, 1, 2, 100], [5]) },
    write: (g: Graph) => ({ y: apply(g, g.input('x', [5])) }),
  })),
  {
    name: 'equal',
    exact: true,
    given: { a: tensorOf([1, 2, 3]), b: tensorOf([1, 3, 3]) },
    write: (g) => ({ y: equal(g, g.input('a', [3]), g.input('b', [3])) }),
  },
  {
    name: 'equal of int32',
    exact: true,
    given: { a: intsOf(4, -2), b: intsOf(4, 2) },
    write: (g) => ({ y: equal(g, g.input('a', [2], 'int32'), g.input('b', [2], 'int32')) }),
  },
  {
    name: 'add of int32',
    exact: true,
    given: { a: intsOf(4, -2), b: intsOf(1, 2 ** 30) },
    write: (g) => ({ y: add(g, g.input('a', [2], 'int32'), g.input('b', [2], 'int32')) }),
  },
  {
    name: 'reluGradient, nothing where y is 0',
    exact: true,
    given: { y: tensorOf([0, 1, 0, 2, 0.5]), dy: nonZero },
    write: (g) => ({ dx: reluGradient(g, g.input('dy', [5]), g.input('y', [5])) }),
  },
  {
    name: 'cast of uint8 to float32',
    exact: true,
    given: { x: { dtype: 'uint8', shape: [4], data: Uint8Array.of(0, 1, 127, 255) } },
    write: (g) => ({ y: cast(g, g.input('x', [4], 'uint8'), 'float32') }),
  },
  {
    name: 'cast of float32 to int32, towards zero',
    exact: true,
    given: { x: tensorOf([-1.75, -0.5, 0.5, 2.99]) },
    write: (g) => ({ y: cast(g, g.input('x', [4]), 'int32') }),
  },
  {
    name: 'cast of int32 to uint8',
    exact: true,
    given: { x: intsOf(0, 200, 255) },
    write: (g) => ({ y: cast(g, g.input('x', [3], 'int32'), 'uint8') }),
  },
];
