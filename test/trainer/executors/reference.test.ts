// The reference against truths of its own: hand-computed numbers, published vectors, central differences.
import { describe, expect, test } from 'vitest';
import {
  createReferenceExecutor,
  type Tensor,
  type Tensors,
} from '../../../trainer/executors/index.ts';
import { philox } from '../../../trainer/executors/reference/philox.ts';
import {
  averagePool,
  batchNorm,
  conv2d,
  createProgram,
  Graph,
  matmul,
  maxPool,
  padded,
  reshape,
  type Shape,
  scale,
  sizeOf,
  sum,
  transpose,
  type Value,
} from '../../../trainer/program/index.ts';
import { makeInputs, makeTensor } from '../../builders/tensors.ts';
import { GRADIENT_CASES } from '../../cases/executor/index.ts';
import { executorCases } from '../../cases/executor.cases.ts';

executorCases(createReferenceExecutor());

// Known answers of Random123: kat_vectors, philox4x32-10.
describe('philox4x32-10', () => {
  const all = 0xffffffff;
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [all, all, all, all],
      [all, all],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('of %j', (counter, key, expected) => {
    expect(philox(counter, key)).toEqual(expected);
  });
});

describe('by hand', () => {
  const edge = { top: 1, bottom: 1, left: 1, right: 1 };
  const counting = (g: Graph, shape: Shape) =>
    reshape(
      g,
      g.constant(
        Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
        [sizeOf(shape)],
      ),
      shape,
    );
  const ones = (g: Graph, shape: Shape) => g.constant(Array(sizeOf(shape)).fill(1), shape);

  const rows: Readonly<Record<string, readonly [(g: Graph) => Value, readonly number[]]>> = {
    'conv2d sums a padded 3x3 window at stride 2': [
      (g) =>
        conv2d(g, counting(g, [1, 3, 3, 1]), ones(g, [3, 3, 1, 1]), {
          stride: 2,
          dilation: 1,
          padding: edge,
        }),
      [12, 16, 24, 28],
    ],
    'conv2d reaches over a pixel at dilation 2': [
      (g) =>
        conv2d(g, counting(g, [1, 3, 3, 1]), ones(g, [2, 2, 1, 1]), {
          stride: 1,
          dilation: 2,
          padding: padded(0),
        }),
      [1 + 3 + 7 + 9],
    ],
    'conv2d gives each group its own channels: x = [1 2 3 4], w = [1 2; 3 4] of 2 a group': [
      (g) =>
        conv2d(g, counting(g, [1, 1, 1, 4]), counting(g, [1, 1, 2, 2]), {
          stride: 1,
          dilation: 1,
          padding: padded(0),
        }),
      [1 * 1 + 2 * 3, 3 * 2 + 4 * 4],
    ],
    'averagePool divides corners by 4 and edges by 6': [
      (g) => averagePool(g, counting(g, [1, 3, 3, 1]), { window: 3, stride: 1, padding: edge }),
      [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7],
    ],
    'maxPool of negatives does not see the padding': [
      (g) =>
        maxPool(g, scale(g, counting(g, [1, 2, 2, 1]), -1), {
          window: 2,
          stride: 2,
          padding: edge,
        }),
      [-1, -2, -3, -4],
    ],
    'batchNorm of -1, 1 with epsilon 3 halves it': [
      (g) =>
        batchNorm(
          g,
          [g.constant([-1, 1], [2, 1, 1, 1]), g.constant([4], [1]), g.constant([10], [1])],
          3,
        ).y,
      [8, 12],
    ],
    matmul: [(g) => matmul(g, counting(g, [2, 2]), counting(g, [2, 2])), [7, 10, 15, 22]],
    transpose: [(g) => transpose(g, counting(g, [2, 3]), [1, 0]), [1, 4, 2, 5, 3, 6]],
    'sum over rows': [(g) => sum(g, counting(g, [2, 3]), { axes: [0] }), [5, 7, 9]],
  };

  test.each(Object.entries(rows))('%s', async (_, [write, expected]) => {
    const g = new Graph();
    const program = createProgram([], [g.entry('hand', { y: write(g) })]);
    const session = await createReferenceExecutor().open(program);
    const { y } = await session.run('hand', {});
    expect(Array.from(y!.data)).toEqual(expected);
  });
});

/** dy . f(x) by central differences in every element of every input. */
describe('gradients are those of the forward pass', () => {
  const H = 1e-5;
  test.each(GRADIENT_CASES.map((each) => [each.name, each] as const))(
    '%s',
    async (_, { forward, backward, given }) => {
      const [f, b] = [new Graph(), new Graph()];
      const y = forward(f);
      const dy = makeTensor(y.shape, 99);
      const back = b.entry('backward', backward(b, b.input('dy', y.shape)));
      const program = createProgram([], [f.entry('forward', { y }), back]);
      const session = await createReferenceExecutor().open(program);
      const inputs: Tensors = { ...makeInputs(program.entries['forward']!.inputs), ...given };
      const pick = ([name]: [string, unknown]) => name in back.inputs;
      const all = Object.entries({ ...inputs, dy }).filter(pick);
      const gradients = await session.run('backward', Object.fromEntries(all));

      const slope = async (name: string, i: number) => {
        const x = inputs[name]!;
        const at = async (step: number) => {
          const data = Float64Array.from(x.data);
          data[i] = data[i]! + step;
          return dot(
            dy,
            (await session.run('forward', { ...inputs, [name]: { ...x, data } }))['y']!,
          );
        };
        return ((await at(H)) - (await at(-H))) / (2 * H);
      };
      for (const [name, gradient] of Object.entries(gradients))
        for (const i of sample(gradient.data.length))
          expect.soft(gradient.data[i], `${name}[${i}]`).toBeCloseTo(await slope(name, i), 5);
    },
  );
});

const dot = (a: Tensor, b: Tensor): number =>
  Array.from(a.data, (element, i) => element * b.data[i]!).reduce((sum, term) => sum + term, 0);

/** Up to 13 indices spread over 0 .. n - 1, corners included. */
const sample = (n: number): readonly number[] => [
  ...new Set(Array.from({ length: 13 }, (_, k) => Math.round((k * (n - 1)) / 12))),
];
