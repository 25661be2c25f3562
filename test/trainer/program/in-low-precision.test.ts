// Which operations of an entry go low, and what low means, on the reference.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import {
  add,
  batchNorm,
  cast,
  conv2d,
  createProgram,
  type Entry,
  Graph,
  inLowPrecision,
  type LowPrecision,
  matmul,
  padded,
  relu,
  total,
  type Variable,
} from '../../../trainer/program/index.ts';
import { tensorOf } from '../../builders/tensors.ts';

const geometry = { stride: 1, dilation: 1, padding: padded(1) };
const variable: Variable = {
  name: 'w',
  shape: [3, 3, 2, 2],
  role: 'parameter',
  initializer: { kind: 'constant', value: 1 },
};

/** Kind of each operation, with what its inputs are; ^ is bfloat16. */
const shown = ({ operations }: Entry): string[] =>
  operations
    .filter(({ kind }) => kind !== 'constant' && kind !== 'input' && kind !== 'variable')
    .map(({ kind, inputs, outputs }) => {
      const marks = [...inputs, ...outputs].map(({ dtype }) => (dtype === 'bfloat16' ? '^' : '.'));
      return `${kind} ${marks.join('')}`;
    });

const low = (write: (g: Graph) => Parameters<Graph['entry']>[1]): string[] => {
  const g = new Graph();
  return shown(inLowPrecision(g.entry('step', write(g)), 'bfloat16'));
};
const pictures = (g: Graph) => g.input('x', [1, 4, 4, 2]);
const ones = (g: Graph) => g.constant([1, 1], [2]);

test('products are low, norm and ReLU behind them too, and their statistics are not', () => {
  const kinds = low((g) => {
    const w = g.read(variable);
    const { y, mean } = batchNorm(g, [conv2d(g, pictures(g), w, geometry), ones(g), ones(g)], 1e-5);
    return { mean, loss: total(g, conv2d(g, relu(g, y), w, geometry)) };
  });
  expect(kinds).toEqual([
    'cast .^', // x
    'cast .^', // w, once
    'conv2d ^^^',
    'batchNorm ^..^....',
    'relu ^^',
    'conv2d ^^^',
    'cast ^.',
    'sum ..',
  ]);
});

test('a sum is low where both of its terms are', () => {
  const kinds = low((g) => {
    const y = conv2d(g, pictures(g), g.read(variable), geometry);
    return { both: add(g, y, y), one: add(g, y, pictures(g)) };
  });
  expect(kinds.filter((kind) => kind.startsWith('add'))).toEqual(['add ^^^', 'add ...']);
});

test.each<[string, (g: Graph) => Parameters<Graph['entry']>[1]]>([
  [
    'grouped convolutions',
    (g) => ({
      y: conv2d(g, pictures(g), g.constant(Array(18).fill(1), [3, 3, 1, 2]), geometry),
    }),
  ],
  [
    'what is written to stay in full',
    (g) => ({ y: g.inFull(() => conv2d(g, pictures(g), g.read(variable), geometry)) }),
  ],
  ['what is no product', (g) => ({ y: relu(g, pictures(g)) })],
])('%s stay float32', (_, write) => {
  expect(low(write).filter((kind) => kind.includes('^'))).toEqual([]);
});

test('updates are of float32', () => {
  const g = new Graph();
  const matrix: Variable = { ...variable, shape: [2, 2] };
  const value = matmul(g, g.read(matrix), g.read(matrix));
  const { updates } = inLowPrecision(
    g.entry('step', {}, [{ kind: 'assign', variable: matrix, value }]),
    'bfloat16',
  );
  expect(updates).toEqual([{ kind: 'assign', variable: matrix, value }]);
});

/** What is left of numbers that were stored in low precision. */
async function stored(numbers: readonly number[], precision: LowPrecision): Promise<number[]> {
  const g = new Graph();
  const x = g.input('x', [numbers.length]);
  const [held] = g.emit('cast', [x], { to: precision }, { shape: x.shape, dtype: precision });
  const program = createProgram([], [g.entry('step', { y: cast(g, held!, 'float32') })]);
  const session = await createReferenceExecutor().open(program);
  const { y } = await session.run('step', {
    x: { ...tensorOf(numbers), data: Float64Array.from(numbers) },
  });
  return [...y!.data];
}

test.each<[LowPrecision, readonly (readonly [number, number])[]]>([
  [
    'bfloat16',
    [
      [1 + 2 ** -8, 1], // a tie goes to the even one
      [1 + 3 * 2 ** -8, 1 + 2 ** -6],
      [-1 - 2 ** -7, -1 - 2 ** -7],
      [3.4e38, Number.POSITIVE_INFINITY],
      [0, 0],
    ],
  ],
  [
    'float16',
    [
      [1 + 2 ** -11, 1],
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [65519, 65504],
      [-65520, Number.NEGATIVE_INFINITY],
      [2 ** -25, 0],
      [3 * 2 ** -25, 2 ** -23],
      [2 ** -24, 2 ** -24],
    ],
  ],
])('%s rounds to nearest, ties to even', async (precision, pairs) => {
  const given = pairs.map(([x]) => x);
  expect(await stored(given, precision)).toEqual(pairs.map(([, y]) => y));
});

test.each([
  ['bfloat16', 2 ** -8],
  ['float16', 2 ** -11],
] as const)(
  '%s is within half a unit of what it rounds, and keeps what it gave',
  async (precision, unit) => {
    const inRange = fc.double({ min: 1e-4, max: 6e4, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(inRange, { minLength: 1, maxLength: 50 }), async (numbers) => {
        const once = await stored(numbers, precision);
        expect(await stored(once, precision)).toEqual(once);
        numbers.forEach((x, i) => {
          expect(Math.abs((once[i] ?? 0) / x - 1)).toBeLessThanOrEqual(unit);
        });
      }),
      { numRuns: 50 },
    );
  },
);
