// A search on this machine whose trials are each trained by two trainers together: what one finds, also when one of them is killed.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEPT_FILES } from '../../crds/index.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
const PATIENCE_MS = 60_000;
const FAILED = 1;

/** LeNet has no batch norm: its gradients are those of the whole batch, however many work on it. */
const search = {
  objectives: [{ metric: 'loss', goal: 'minimize' }],
  algorithm: { name: 'random' },
  dataset: { ...realPictures, trainPictures: 512, validationPictures: 200 },
  // At larger steps what is rounded differently grows.
  training: { epochs: 30, alignment: false, optimizer: { learningRate: 0.001 } },
  budget: { trials: 2 },
  final: { topK: 0 },
};
const ofTwo = { ...search, trialTemplate: { workers: 2 } };

async function lossesOf(run: LocalRun): Promise<readonly number[]> {
  const records = await run.records();
  return records
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ objectives }) => objectives ?? []);
}

test.skipIf(!canRun)('two workers find what one finds, one of them killed on the way', async () => {
  const one = await LocalRun.make();
  const alone = await one.start(search);
  expect(await alone.ended, alone.output).toBe(0);

  const two = await LocalRun.make();
  const together = await two.start(ofTwo);
  const victim = await eventually(async () => {
    const trainers = await two.trainers();
    expect(trainers.map(({ rank }) => rank).toSorted()).toEqual([0, 1]);
    // From there it goes on.
    await access(join(two.directory, 'run', 'trials', 'night-0000', KEPT_FILES.checkpoint));
    return trainers.find(({ rank }) => rank === 1);
  }, PATIENCE_MS);
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  expect(await together.ended, together.output).toBe(0);

  const records = await two.records();
  expect(records.map(({ outcome }) => outcome)).toEqual(['Trained', 'Trained']);
  expect(records.map(({ attempts }) => attempts).toSorted()).toEqual([1, 2]);
  // Both hold a core for as long as the trial trains.
  for (const { deviceSeconds, result } of records)
    expect(deviceSeconds).toBeGreaterThan(2 * (result?.metrics.seconds ?? Number.NaN));
  const [losses, expected] = [await lossesOf(two), await lossesOf(one)];
  expect(losses).toHaveLength(2);
  for (const [index, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[index] ?? 0, 3);
  expect(await two.trainers()).toEqual([]);
});

test.skipIf(!canRun)(
  'an executor that cannot be one of two is refused before anything starts',
  async () => {
    const run = await LocalRun.make();
    const refused = await run.start(ofTwo, '--executor', 'onnx');
    expect(await refused.ended).toBe(FAILED);
    expect(refused.output).toContain(
      'executor onnx: expected tensorflow where 2 workers train a trial',
    );
    expect(await run.records()).toEqual([]);
  },
);
