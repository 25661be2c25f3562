// tr Cov(g) / |mean g|^2 over fixed batches: by its definition, of what the learning rules make of each batch.
import { expect, test } from 'vitest';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { gradientVariances, isVarianceDue } from '../../../trainer/training/gradient-variance.ts';
import { buildStepProgram } from '../../../trainer/training/index.ts';
import { stepInputs } from '../../../trainer/training/step-inputs.ts';
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { makeTrialSpec, openMadeUp, TASK } from '../../builders/training.ts';

const spec = makeTrialSpec({ batchSize: 16, gradientVariance: true });

async function open() {
  const network = await makeNetwork({ ...SMALL_NETWORKS['nb201']!, task: TASK });
  const { data, statistics, task } = openMadeUp(spec);
  const plan = { network, task, statistics, training: spec.training, evaluationBatch: 1 };
  const { program, variables, measured } = buildStepProgram({ ...plan, expose: true });
  const session = await createReferenceExecutor().open(program);
  await session.write(randomValues(variables.all));
  return { spec, data, task, program, session, measured, signal: new AbortController().signal };
}

/** A session that gives these gradients, batch by batch. */
async function given(gradients: readonly (readonly number[])[]) {
  const opened = await open();
  let next = 0;
  const run = async (): Promise<Tensors> => {
    const data = Float64Array.from(gradients[next++ % gradients.length] ?? []);
    return { conv: { dtype: 'float32', shape: [data.length], data } };
  };
  return gradientVariances({ ...opened, session: { ...opened.session, run } });
}

test('is that of what training would learn from each batch', async () => {
  const opened = await open();
  const batches: Tensors[] = [];
  for await (const batch of opened.data.training(0, 0)) {
    const inputs = (entry: string) =>
      stepInputs(opened, { epoch: 0, step: batches.length }, batch, entry);
    batches.push(await opened.session.run('gradients', inputs('gradients')));
  }
  expect(batches).toHaveLength(5);
  const variances = await gradientVariances(opened);
  expect(Object.keys(variances)).toEqual(opened.measured.map(({ layer }) => layer));
  for (const { layer } of opened.measured) {
    const rows = batches.map((batch) => Array.from(batch[layer]!.data));
    const mean = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]! / 5, 0));
    const spread = rows.map((row) => row.reduce((sum, g, i) => sum + (g - mean[i]!) ** 2, 0));
    const trace = spread.reduce((sum, each) => sum + each, 0) / 4;
    const ratio = trace / mean.reduce((sum, each) => sum + each ** 2, 0);
    expect(variances[layer]?.gradientVariance, layer).toBeCloseTo(ratio, 9);
  }
  for await (const batch of opened.data.training(0, 0)) {
    const inputs = stepInputs(opened, { epoch: 0, step: 0 }, batch, 'train');
    const trained = await opened.session.run('train', inputs);
    for (const { layer } of opened.measured)
      expect(trained[`gradient/${layer}/weight`]).toEqual(batches[0]![layer]);
    break;
  }
});

test.each([
  ['the same from every batch', [[3, 4]], { gradientVariance: 0 }],
  [
    'one along each axis',
    [
      [2, 0],
      [0, 2],
      [2, 0],
      [0, 2],
      [1, 1],
    ],
    { gradientVariance: 1 },
  ],
  ['zero', [[0, 0]], {}],
  ['no number', [[Number.NaN, 1]], {}],
])('of gradients that are %s', async (_what, gradients, expected) => {
  expect(await given(gradients)).toEqual({ conv: expected });
});

test('a trainer that is asked to end leaves it', async () => {
  const opened = await open();
  expect(await gradientVariances({ ...opened, signal: AbortSignal.abort() })).toEqual({});
});

test.each([
  [1, [0, 1]],
  [2, [0, 1, 2]],
  [100, [0, 10, 50, 100]],
])('in %i epochs it is due after %j', (epochs, due) => {
  const all = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
  expect(all.filter((epoch) => isVarianceDue(epoch, epochs))).toEqual(due);
});
