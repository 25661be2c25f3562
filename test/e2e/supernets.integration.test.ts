// A search by supernets on this machine, killed in its middle: two supernets, and what the better one derived, trained and tested.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { LocalRun } from './local-run.ts';

const canRun =
  process.platform === 'linux' && tensorFlow !== undefined && realPictures !== undefined;
const PATIENCE_MS = 120_000;

const specOf = (algorithm: object) => ({
  searchSpace: {
    kind: 'darts',
    operations: ['skip_connect', 'dil_conv_3x3'],
    learningRules: ['FA', 'uSF'],
    conversion: 'partial',
    cells: 3,
    channels: 4,
  },
  dataset: { ...realPictures, trainPictures: 320 },
  training: { epochs: 2, batchSize: 16 },
  algorithm,
  budget: { trials: 2 },
  final: { topK: 1 },
});

const ALGORITHMS = [
  { name: 'darts', settings: { partialChannels: 4, alphaLearningRate: 0.01 } },
  { name: 'eg', settings: { warmupEpochs: 1, samples: 1, population: 4, generations: 2 } },
  { name: 'one-shot', settings: { population: 4, generations: 2, calibrationBatches: 2 } },
];

test.skipIf(!canRun).each(ALGORITHMS)(
  'what the better supernet of $name derived is trained and tested',
  async (algorithm) => {
    const spec = specOf(algorithm);
    await using local = await LocalRun.make();
    const killed = await local.start(spec);
    await eventually(async () => expect(await local.trainers()).toHaveLength(1), PATIENCE_MS);
    await delay(3_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const last = await local.start(spec);
    expect(await last.ended, last.output).toBe(0);

    const records = await local.records();
    expect(records.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
      ['Search', 'Trained'],
      ['Search', 'Trained'],
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
  },
);
