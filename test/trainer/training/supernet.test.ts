// A step of a supernet's search in float64: alpha moves by Adam on one half of the pictures, weights under the new alpha on the other.
import { expect, test } from 'vitest';
import { type DartsOperation, Supernet } from '../../../crds/index.ts';
import {
  createReferenceExecutor,
  type Session,
  type Tensor,
  type Tensors,
} from '../../../trainer/executors/index.ts';
import { buildSupernet } from '../../../trainer/network/index.ts';
import type { Entry } from '../../../trainer/program/index.ts';
import { halvesOf, inPairs } from '../../../trainer/training/index.ts';
import { buildSupernetProgram } from '../../../trainer/training/supernet/index.ts';
import { randomValues } from '../../builders/networks.ts';
import { inFloat64 } from '../../builders/probe.ts';
import { candidates, makeSupernetPlan } from '../../builders/supernet.ts';
import { distance, tensorOf } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const reference = createReferenceExecutor();
const ALPHA = 'alphas/normal';
const RATE = 0.01;
const DECAY = 0.1;
const BATCH = 2;

const small = makeSupernetPlan({
  candidates: candidates(['BP'], ['skip_connect', 'dil_conv_3x3']),
});
const { training } = makeTrialSpec({
  batchSize: BATCH,
  optimizer: { learningRate: 0.1, momentum: 0 },
  augmentation: { cutout: 2 },
});

function stepOf(alphaLearningRate: number, warmupEpochs = 0, plan = small) {
  const settings = Supernet.parse({
    learningRules: ['BP'],
    alphaLearningRate,
    alphaWeightDecay: DECAY,
    warmupEpochs,
  });
  return buildSupernetProgram({
    supernet: buildSupernet(plan),
    candidates: plan.candidates.length,
    settings,
    task: plan.task,
    statistics: { mean: [0.5], deviation: [0.25] },
    training,
    evaluationBatch: 1,
  });
}

const pictures = (seed: number): Tensor => ({
  dtype: 'uint8',
  shape: [BATCH, 4, 4, 1],
  data: Uint8Array.from({ length: BATCH * 16 }, (_, i) => (i * 37 * seed + 11 * seed) % 256),
});
const labels: Tensor = { dtype: 'int32', shape: [BATCH], data: Int32Array.of(0, 2) };
const keep: Tensor = {
  dtype: 'uint8',
  shape: [BATCH, 4, 4, 1],
  data: new Uint8Array(BATCH * 16).fill(1, 4),
};
const weightInputs: Tensors = {
  pictures: pictures(1),
  labels,
  keep,
  key: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) },
  rate: tensorOf([0.1], []),
};
const INPUTS: Tensors = {
  ...weightInputs,
  'architecture/pictures': pictures(2),
  'architecture/labels': labels,
  'architecture/keep': keep,
};

const step = stepOf(RATE);
/** Moments of optimizers at their start, all else at random. */
const START: Tensors = {
  ...inFloat64(randomValues(step.variables.all)),
  ...inFloat64(
    Object.fromEntries(
      step.variables.all
        .filter(({ role }) => role === 'optimizer')
        .map(({ name, shape, initializer }) => {
          const value = initializer.kind === 'constant' ? initializer.value : 0;
          const size = shape.reduce((product, side) => product * side, 1);
          return [name, tensorOf(Array(size).fill(value), shape)];
        }),
    ),
  ),
};

async function after(
  { program }: ReturnType<typeof stepOf>,
  changed: Tensors = {},
  entry = 'train',
): Promise<{ session: Session; outputs: Tensors; values: Tensors }> {
  const session = await reference.open(program);
  await session.write({ ...START, ...changed });
  const outputs = await session.run(entry, entry === 'train' ? INPUTS : weightInputs);
  return { session, outputs, values: await session.read() };
}

const numberAt = (tensors: Tensors, name: string, at = 0): number => tensors[name]?.data[at] ?? NaN;

test('alpha learns from the second half: by the slope of the loss there, and its decay', async () => {
  const { values } = await after(step);
  const alpha = START[ALPHA]!;
  for (const at of [0, 7, 20, 41]) {
    const lossAt = async (by: number) => {
      const data = Float64Array.from(alpha.data);
      data[at] = (data[at] ?? 0) + by;
      return numberAt(
        (await after(step, { [ALPHA]: { ...alpha, data } })).outputs,
        'architectureLoss',
      );
    };
    const slope = ((await lossAt(1e-5)) - (await lossAt(-1e-5))) / 2e-5;
    const wanted = slope + DECAY * numberAt(START, ALPHA, at);
    // The first moment after one step, with beta1 0.5.
    expect(numberAt(values, `${ALPHA}/moment1`, at) / 0.5).toBeCloseTo(wanted, 5);
    const moved = numberAt(values, ALPHA, at) - numberAt(START, ALPHA, at);
    expect(moved).toBeCloseTo(-RATE * Math.sign(wanted), 6);
  }
});

test('weights take their step under the new alpha', async () => {
  const together = await after(step);
  const alphas = Object.fromEntries(
    ['alphas/normal', 'alphas/reduce'].map((name) => [name, together.values[name]!]),
  );
  const apart = await after(stepOf(1e-30), alphas);
  expect(numberAt(together.outputs, 'loss')).toBeCloseTo(numberAt(apart.outputs, 'loss'), 12);
  for (const { name, role } of step.variables.all)
    if (role !== 'architecture' && role !== 'optimizer')
      expect(distance(together.values[name]!, apart.values[name]!), name).toBeLessThan(1e-9);
  const old = await after(stepOf(1e-30));
  expect(numberAt(old.outputs, 'loss')).not.toBeCloseTo(numberAt(together.outputs, 'loss'), 6);
});

test('a warm-up is the same step of the weights, and alpha stays', async () => {
  const program = stepOf(1e-30, 1);
  const warm = await after(program, {}, 'warmup');
  const whole = await after(program);
  expect(warm.values[ALPHA]).toEqual(START[ALPHA]);
  expect(numberAt(warm.values, 'alphas/beta1Power')).toBe(1);
  for (const { name, role } of step.variables.parameters)
    if (role === 'parameter')
      expect(distance(warm.values[name]!, whole.values[name]!), name).toBeLessThan(1e-9);
});

test('running statistics are those of the first half alone', async () => {
  const one = await after(step);
  const program = stepOf(1e-30);
  const session = await reference.open(program.program);
  await session.write(START);
  await session.run('train', { ...INPUTS, 'architecture/pictures': pictures(5) });
  const other = await session.read();
  const mean = 'stem/norm/runningMean';
  expect(other[mean]).toEqual(one.values[mean]);
});

test('nothing is learned by further passes where alpha learns', () => {
  const operations: DartsOperation[] = ['skip_connect', 'dil_conv_3x3', 'forward_forward_conv_3x3'];
  const plan = makeSupernetPlan({ candidates: candidates(['PEPITA'], operations) });
  const { train, warmup } = stepOf(RATE, 1, plan).program.entries;
  const lessons = (entry: Entry | undefined) =>
    entry?.operations.filter(
      ({ kind, name }) => kind === 'conv2dFilterGradient' && /PEPITA|forward_forward/.test(name),
    ).length;
  expect(lessons(warmup)).toBeGreaterThan(0);
  expect(lessons(train)).toBe(lessons(warmup));
});

test('halves share no picture, and are as long as each other', () => {
  const { weights, architecture } = halvesOf(Int32Array.of(5, 9, 2, 7, 1));
  expect([...weights, ...architecture]).toEqual([5, 9, 2, 7]);
  expect(weights).toHaveLength(2);
});

test('whoever stops reading pairs stops reading both', async () => {
  const closed: string[] = [];
  async function* batches(name: string) {
    try {
      for (let i = 0; i < 9; i++) yield { pictures: Uint8Array.of(i), labels: Int32Array.of(i) };
    } finally {
      closed.push(name);
    }
  }
  for await (const { labels: first, architecture } of inPairs(batches('a'), batches('b'))) {
    expect(architecture?.labels).toEqual(first);
    if (first[0] === 3) break;
  }
  expect(closed.toSorted()).toEqual(['a', 'b']);
});
