// Searches by supernets on this machine: what the best one derived is trained and tested. One of two supernets is killed in its middle.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
const PATIENCE_MS = 120_000;

const specOf = (algorithm: object, { trials = 1, trainPictures = 160 } = {}) => ({
  searchSpace: {
    kind: 'darts',
    operations: ['skip_connect', 'dil_conv_3x3'],
    learningRules: ['FA', 'uSF'],
    conversion: 'partial',
    cells: 3,
    channels: 4,
  },
  dataset: { ...realPictures, trainPictures },
  training: { epochs: 2, batchSize: 16 },
  algorithm,
  budget: { trials },
  final: { topK: 1 },
});

const DARTS = { name: 'darts', settings: { partialChannels: 4, alphaLearningRate: 0.01 } };
const OTHERS = [
  { name: 'eg', settings: { warmupEpochs: 1, samples: 1, population: 4, generations: 2 } },
  { name: 'one-shot', settings: { population: 4, generations: 2, calibrationBatches: 2 } },
];

/** Supernets were trained, and then what the best of them derived. */
async function expectDerived(local: LocalRun, supernets: number): Promise<void> {
  const records = await local.records();
  expect(records.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
    ...Array.from({ length: supernets }, () => ['Search', 'Trained']),
    ['Final', 'Trained'],
  ]);
  const [best] = records
    .filter(({ purpose }) => purpose === 'Search')
    .toSorted((a, b) => (b.objectives?.[0] ?? 0) - (a.objectives?.[0] ?? 0));
  const derived = best?.result?.supernet?.genotype ?? '';
  expect(derived).toMatch(/^darts;normal=/);
  expect(records.at(-1)).toMatchObject({ genotype: derived, parent: best?.index });

  const { final, trials, best: ranked } = await local.result();
  expect(final).toMatchObject([{ genotype: derived, testAccuracy: expect.any(Number) }]);
  expect(ranked[0]).toMatchObject({ genotype: derived, trial: best?.name });
  expect(trials[0]?.epochs).toHaveLength(2);
  expect(trials[0]?.epochs.at(-1)?.derived?.genotype).toBe(trials[0]?.supernet?.genotype);
}

test.skipIf(!canRun)('the better of two supernets is retrained, after a kill', async () => {
  const spec = specOf(DARTS, { trials: 2, trainPictures: 320 });
  const local = await LocalRun.make();
  const killed = await local.start(spec);
  await eventually(async () => expect(await local.trainers()).toHaveLength(1), PATIENCE_MS);
  await delay(3_000);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const last = await local.start(spec);
  expect(await last.ended, last.output).toBe(0);
  await expectDerived(local, 2);
});

test.skipIf(!canRun).each(OTHERS)('the supernet of $name is retrained', async (algorithm) => {
  const local = await LocalRun.make();
  const run = await local.start(specOf(algorithm));
  expect(await run.ended, run.output).toBe(0);
  await expectDerived(local, 1);
});
