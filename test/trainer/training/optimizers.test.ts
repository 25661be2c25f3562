// Optimizers against their update written down by hand, as PyTorch computes it, in float64.
import { expect, test } from 'vitest';
import { Optimizer, type Training } from '../../../crds/index.ts';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { VariableTable } from '../../../trainer/primitives/index.ts';
import { createProgram, Graph } from '../../../trainer/program/index.ts';
import { initialValues } from '../../../trainer/training/index.ts';
import { createOptimizer } from '../../../trainer/training/optimizers/index.ts';

const START = [1, -2];
const GRADIENTS = [
  [0.5, -1],
  [0.25, 4],
  [-2, 0.125],
];
const RATE = 0.5;

/** The parameter after each step. */
async function parametersAfter(settings: Partial<Training['optimizer']>): Promise<number[][]> {
  const g = new Graph();
  const variables = new VariableTable();
  const initializer = { kind: 'constant', value: 0 } as const;
  const w = variables.declare(g, { name: 'w', shape: [2], role: 'parameter', initializer });
  const rate = g.input('rate', []);
  const gradient = g.input('gradient', [2]);
  const { updates, update } = createOptimizer(Optimizer.parse(settings)).begin({
    g,
    variables,
    rate,
  });
  const all = [...updates, ...g.within('w', () => update(w, gradient))];
  const session = await createReferenceExecutor().open(
    createProgram(variables.all, [g.entry('train', { rate }, all)]),
  );
  const tensor = (data: number[], shape: number[]) => ({
    dtype: 'float32' as const,
    shape,
    data: Float64Array.from(data),
  });
  await session.write({ ...initialValues(variables.all, 1), [w.name]: tensor(START, [2]) });
  const after: number[][] = [];
  for (const values of GRADIENTS) {
    await session.run('train', { rate: tensor([RATE], []), gradient: tensor(values, [2]) });
    after.push([...((await session.read([w.name]))[w.name]?.data ?? [])]);
  }
  return after;
}

type Rule = (memory: number[], gradient: number, step: number) => number;

/** What a rule for one number makes of START: it returns the change, and keeps what it likes in `memory`. */
function byHand(rule: Rule): number[][] {
  const w = [...START];
  const memories = w.map((): number[] => [0, 0]);
  return GRADIENTS.map((gradient, step) =>
    gradient.map((value, i) => {
      w[i] = (w[i] ?? 0) - RATE * rule(memories[i] ?? [], value, step + 1);
      return w[i];
    }),
  );
}

const plain: Rule = (_memory, gradient) => gradient;
const heavyBall: Rule = (memory, gradient) => {
  memory[0] = 0.9 * (memory[0] ?? 0) + gradient;
  return memory[0];
};
const nesterov: Rule = (memory, gradient) => gradient + 0.9 * heavyBall(memory, gradient, 0);
const adam: Rule = (memory, gradient, t) => {
  const m = 0.9 * (memory[0] ?? 0) + 0.1 * gradient;
  const v = 0.99 * (memory[1] ?? 0) + 0.01 * gradient * gradient;
  memory.splice(0, 2, m, v);
  return m / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.99 ** t)) + 1e-3);
};

test.each<[string, Partial<Training['optimizer']>, Rule]>([
  ['SGD', { momentum: 0 }, plain],
  ['SGD with momentum', { momentum: 0.9 }, heavyBall],
  ['SGD with Nesterov momentum', { momentum: 0.9, nesterov: true }, nesterov],
  ['Adam', { name: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-3 }, adam],
])('%s takes three steps', async (_name, settings, rule) => {
  const expected = byHand(rule);
  const got = await parametersAfter(settings);
  got.flat().forEach((value, i) => {
    expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 9);
  });
});

test("Adam's first step is the learning rate, whatever the gradient", async () => {
  const [first] = await parametersAfter({ name: 'adam', epsilon: 1e-12 });
  expect(first?.[0]).toBeCloseTo(0.5, 9);
  expect(first?.[1]).toBeCloseTo(-1.5, 9);
});
