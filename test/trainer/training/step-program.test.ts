// What a recipe adds to the plain step: clipping, weight decay, label smoothing, the auxiliary head, drop-path; and what
// an evaluation leaves away. On the reference executor.
import { expect, test } from 'vitest';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { stepInputs } from '../../../trainer/training/step-inputs.ts';
import { randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import {
  norm,
  numbers,
  plainSgd,
  RATE,
  type Step,
  takeSteps,
  writeStep,
} from '../../builders/step.ts';
import { TASK } from '../../builders/training.ts';

const step = async (...written: Parameters<typeof writeStep>) =>
  takeSteps(await writeStep(...written));

/** Every parameter's (before - after) / rate: what the optimizer was given. */
const given = ({ before, after, names }: Step) =>
  names.flatMap((name) => {
    const end = numbers(after, name);
    return numbers(before, name).map((value, i) => (value - (end[i] ?? NaN)) / RATE);
  });
const gradientOf = ({ outputs, names }: Step) =>
  names.flatMap((name) => numbers(outputs, `gradient/${name}`));
const valuesOf = ({ before, names }: Step) => names.flatMap((name) => numbers(before, name));

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

const ALL_KP = {
  genotype:
    'nb201;nor_conv_3x3:KP~0|skip_connect~0,nor_conv_1x1:KP~1|avg_pool_3x3~0,none~1,nor_conv_3x3:KP~2;rest=KP',
};

test.each([
  ['without weight decay, B stays as far from W as it was', 0, 0],
  ['with weight decay, B comes nearer to W by its share', 0.25, 0],
  ['a clipped gradient changes nothing of that', 0.25, 0.01],
])('Kolen-Pollack: %s', async (_what, weightDecay, gradientClip) => {
  const optimizer = { ...plainSgd, weightDecay };
  const { before, after, outputs } = await step(
    { optimizer, regularisation: { gradientClip } },
    'nb201',
    ALL_KP,
  );
  const learning = Object.keys(before).filter((name) => name.endsWith('/B'));
  expect(learning.length).toBeGreaterThan(5);
  for (const B of learning) {
    const W = B.replace(/B$/, 'weight');
    const apart = (at: Tensors) => numbers(at, W).map((w, i) => w - (numbers(at, B)[i] ?? NaN));
    expect(norm(numbers(outputs, `gradient/${B}`))).toBeGreaterThan(0);
    expectClose(
      apart(after),
      apart(before).map((d) => d * (1 - RATE * weightDecay)),
    );
  }
});

test('feedback weights that learn do not count in the norm that is clipped', async () => {
  const kp = await step({ regularisation: { gradientClip: 0.01 } }, 'nb201', ALL_KP);
  const factor = 0.01 / (norm(gradientOf(kp)) + 1e-6);
  expectClose(
    given(kp),
    gradientOf(kp).map((value) => value * factor),
  );
});

const LOCAL = SMALL_NETWORKS['nb201 that learns locally'] ?? {};

test('what learns locally learns the same whatever the optimizer does', async () => {
  const [plain, other] = [
    await step({}, 'nb201', LOCAL),
    await step(
      { optimizer: { learningRate: 0.5, momentum: 0.9, weightDecay: 0.25 } },
      'nb201',
      LOCAL,
    ),
  ];
  const local = plain.names.filter((name) => !(`gradient/${name}` in plain.outputs));
  expect(local).toHaveLength(2 * 3);
  for (const name of local) {
    expect(numbers(plain.after, name)).not.toEqual(numbers(plain.before, name));
    expect(numbers(other.after, name)).toEqual(numbers(plain.after, name));
    expect(other.after).not.toHaveProperty([`${name}/momentum`]);
  }
});

test('of what learns locally, nothing but training learns, and looks leave it out', async () => {
  const looks = { alignment: true, gradientVariance: true };
  const written = await writeStep(looks, 'nb201', LOCAL);
  const { program, measured, variables } = written;
  const { train, ...others } = program.entries;
  const learned = train?.updates.map(({ variable }) => variable.name) ?? [];
  const local = variables.parameters
    .map(({ name }) => name)
    .filter((name) => !(`gradient/${name}` in (train?.outputs ?? {})));
  expect(learned).toEqual(expect.arrayContaining(local));
  expect(Object.keys(others)).toEqual(['evaluate', 'align', 'gradients']);
  for (const { updates } of Object.values(others)) expect(updates).toEqual([]);
  const layers = measured.map(({ layer }) => `${layer}/weight`);
  expect(layers).toContain('stem/conv/weight');
  expect(layers.filter((name) => local.includes(name))).toEqual([]);

  const session = await createReferenceExecutor().open(program);
  await session.write(randomValues(variables.all));
  for await (const batch of written.data.training(0, 0)) {
    const inputs = stepInputs(written, { epoch: 0, step: 0 }, batch, 'align');
    const { alignment } = await session.run('align', inputs);
    expect(Array.from(alignment?.data ?? []).every(Number.isFinite)).toBe(true);
    return;
  }
});

/** Mean cross-entropy with a softened target, in nats. */
function crossEntropy(logits: readonly number[], labels: Int32Array, smoothing = 0): number {
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
  return sum / labels.length;
}

test.each([0, 0.1])(
  'label smoothing %f: the loss is the cross-entropy with a softened target',
  async (smoothing) => {
    const { outputs, labels } = await step({
      regularisation: { labelSmoothing: smoothing, gradientClip: 0 },
    });
    const expected = crossEntropy(numbers(outputs, 'logits'), labels, smoothing);
    expect(outputs['loss']?.data[0]).toBeCloseTo(expected, 5);
  },
);

test('the auxiliary head adds its share to the loss, and learns by that share', async () => {
  const weight = 0.4;
  const { outputs, labels } = await step(
    { regularisation: { auxiliaryWeight: weight, gradientClip: 0 } },
    'darts',
  );
  const [logits, side] = [numbers(outputs, 'logits'), numbers(outputs, 'auxiliary')];
  const expected = crossEntropy(logits, labels) + weight * crossEntropy(side, labels);
  expect(outputs['loss']?.data[0]).toBeCloseTo(expected, 5);

  // The bias of a class learns by weight * mean over the batch of (softmax - target).
  const { classes } = TASK;
  const biases = Array<number>(classes).fill(0);
  labels.forEach((label, n) => {
    const row = side.slice(n * classes, (n + 1) * classes).map(Math.exp);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, c) => {
      const error = value / total - (c === label ? 1 : 0);
      biases[c] = (biases[c] ?? 0) + (weight * error) / labels.length;
    });
  });
  expectClose(numbers(outputs, 'gradient/auxiliary/fc/bias'), biases);
});

test('the probability of drop-path rises with the epochs, from nothing', async () => {
  const regularisation = { dropPath: 0.2, gradientClip: 0 };
  const written = await writeStep({ epochs: 4, regularisation }, 'darts');
  const probabilities: number[] = [];
  for await (const batch of written.data.training(0, 0))
    for (const epoch of [0, 1, 2, 3]) {
      const { dropPath } = stepInputs(written, { epoch, step: 0 }, batch);
      probabilities.push(dropPath?.data[0] ?? Number.NaN);
    }
  expectClose(probabilities.slice(0, 4), [0, 0.05, 0.1, 0.15]);
});

test('an evaluation updates nothing and looks at no statistics of its batch', async () => {
  const { program } = await writeStep({});
  const { updates, operations } = program.entries['evaluate'] ?? {};
  const kinds = new Set(operations?.map(({ kind }) => kind));
  expect(updates).toEqual([]);
  expect(kinds).toContain('batchNormInference');
  expect(kinds).not.toContain('batchNorm');
});
