// What a recipe adds to the plain step: clipping, weight decay, label smoothing. On the reference executor.
import { expect, test } from 'vitest';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { buildStepProgram } from '../../../trainer/training/index.ts';
import { stepInputs } from '../../../trainer/training/train.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { makeTrialSpec, openMadeUp, type Recipe, TASK } from '../../builders/training.ts';

const RATE = 0.1;
const plainSgd = { learningRate: RATE, momentum: 0, weightDecay: 0 };
const recipe = (more: Recipe): Recipe => ({
  batchSize: 4,
  optimizer: plainSgd,
  schedule: { name: 'constant' },
  regularisation: { gradientClip: 0 },
  ...more,
});

/** One step of the small network: variables before and after, and what the step says. */
async function step(more: Recipe) {
  const small = SMALL_NETWORKS['nb201'];
  if (small === undefined) throw new Error('no nb201');
  const network = await makeNetwork({ ...small, task: TASK });
  const spec = makeTrialSpec(recipe(more));
  const { data, statistics, task } = openMadeUp(spec);
  const { training } = spec;
  const plan = { network, task, statistics, training, evaluationBatch: 1, expose: true };
  const { program, variables } = buildStepProgram(plan);
  const session = await createReferenceExecutor().open(program);
  await session.write(randomValues(variables.all));
  const before = await session.read();
  let outputs: Tensors = {};
  for await (const batch of data.training(0, 0)) {
    outputs = await session.run(
      'train',
      stepInputs({ spec, data, task, program }, { epoch: 0, step: 0 }, batch),
    );
    const labels = batch.labels;
    return {
      before,
      outputs,
      labels,
      after: await session.read(),
      names: variables.parameters.map(({ name }) => name),
    };
  }
  throw new Error('no batch');
}

const numbers = (tensors: Tensors, name: string): number[] => [...(tensors[name]?.data ?? [])];
type Step = Awaited<ReturnType<typeof step>>;

/** Every parameter's (before - after) / rate: what the optimizer was given. */
const given = ({ before, after, names }: Step) =>
  names.flatMap((name) => {
    const end = numbers(after, name);
    return numbers(before, name).map((value, i) => (value - (end[i] ?? NaN)) / RATE);
  });
const gradientOf = ({ outputs, names }: Step) =>
  names.flatMap((name) => numbers(outputs, `gradient/${name}`));
const valuesOf = ({ before, names }: Step) => names.flatMap((name) => numbers(before, name));
const norm = (values: readonly number[]) => Math.hypot(...values);

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  const worst = Math.max(...got.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
  expect(worst).toBeLessThan(1e-6);
}

test('a plain step goes down the gradient', async () => {
  const plain = await step({});
  expectClose(given(plain), gradientOf(plain));
});

test('a gradient above the limit is scaled to it, all parameters alike', async () => {
  const clipped = await step({ regularisation: { gradientClip: 0.01 } });
  const gradient = gradientOf(clipped);
  expect(norm(gradient)).toBeGreaterThan(0.01);
  const factor = 0.01 / (norm(gradient) + 1e-6);
  expectClose(
    given(clipped),
    gradient.map((value) => value * factor),
  );
});

test('a gradient below the limit stays as it is', async () => {
  const free = await step({ regularisation: { gradientClip: 1e6 } });
  expectClose(given(free), gradientOf(free));
});

test('weight decay adds its share of each parameter, after clipping', async () => {
  const decayed = await step({
    optimizer: { ...plainSgd, weightDecay: 0.25 },
    regularisation: { gradientClip: 0.01 },
  });
  const gradient = gradientOf(decayed);
  const factor = 0.01 / (norm(gradient) + 1e-6);
  const values = valuesOf(decayed);
  expectClose(
    given(decayed),
    gradient.map((value, i) => value * factor + 0.25 * (values[i] ?? NaN)),
  );
});

test.each([0, 0.1])(
  'label smoothing %f: the loss is the cross-entropy with a softened target',
  async (smoothing) => {
    const { outputs, labels } = await step({
      regularisation: { labelSmoothing: smoothing, gradientClip: 0 },
    });
    const logits = numbers(outputs, 'logits');
    const classes = TASK.classes;
    let sum = 0;
    labels.forEach((label, n) => {
      const row = logits.slice(n * classes, (n + 1) * classes);
      const logTotal = Math.log(row.reduce((total, value) => total + Math.exp(value), 0));
      row.forEach((value, c) => {
        const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
        sum -= target * (value - logTotal);
      });
    });
    expect(outputs['loss']?.data[0]).toBeCloseTo(sum / labels.length, 5);
  },
);
