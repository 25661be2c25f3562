// Programs of reductions, products, constants and the operators that move elements.
import {
  broadcast,
  concat,
  type Graph,
  matmul,
  mean,
  pad,
  reshape,
  type Shape,
  slice,
  sum,
  transpose,
} from '../../../trainer/program/index.ts';
import { type ProgramCase, table } from './program-case.ts';

const X: Shape = [2, 3, 4, 5];

export const arrangement: readonly ProgramCase[] = [
  ...table({ sum, mean }).flatMap(([kind, reduce]) =>
    [[0], [1, 2], [0, 1, 2], [3], [0, 1, 2, 3]].flatMap((axes) =>
      [false, true].map((keepDims) => ({
        name: `${kind} over ${axes}${keepDims ? ', sides kept' : ''}`,
        write: (g: Graph) => ({ y: reduce(g, g.input('x', X), { axes, keepDims }) }),
      })),
    ),
  ),
  {
    name: 'broadcast',
    exact: true,
    write: (g) => ({ y: broadcast(g, g.input('x', [2, 1, 3]), [4, 2, 5, 3]) }),
  },
  { name: 'reshape', exact: true, write: (g) => ({ y: reshape(g, g.input('x', X), [6, 20]) }) },
  {
    name: 'transpose',
    exact: true,
    write: (g) => ({ y: transpose(g, g.input('x', X), [2, 0, 3, 1]) }),
  },
  ...[0, 1, 3].map((axis) => ({
    name: `concat along ${axis}`,
    exact: true,
    write: (g: Graph) => {
      const parts = ['a', 'b', 'c'].map((name, i) => g.input(name, X.with(axis, i + 1)));
      return { y: concat(g, parts, axis) };
    },
  })),
  {
    name: 'slice',
    exact: true,
    write: (g) => ({ y: slice(g, g.input('x', X), [1, 0, 2, 1], [1, 3, 2, 3]) }),
  },
  {
    name: 'pad',
    exact: true,
    write: (g) => ({
      y: pad(g, g.input('x', X), [
        [0, 0],
        [1, 2],
        [3, 0],
        [0, 1],
      ]),
    }),
  },
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([transposeA = false, transposeB = false]) => ({
    name: `matmul${transposeA ? ' of transposed a' : ''}${transposeB ? ' and transposed b' : ''}`,
    write: (g: Graph) => {
      const a = g.input('a', transposeA ? [4, 3] : [3, 4]);
      const b = g.input('b', transposeB ? [5, 4] : [4, 5]);
      return { y: matmul(g, a, b, { transposeA, transposeB }) };
    },
  })),
  {
    name: 'a constant, a scalar and an input that is handed back',
    exact: true,
    write: (g) => ({
      x: g.input('x', [2]),
      ints: g.constant([3, -4], [2], 'int32'),
      bytes: g.constant([3, 200], [2], 'uint8'),
      half: g.scalar(0.5),
      again: g.scalar(0.5),
    }),
  },
];
