// Which pictures a trial learns from and which score it: test pictures belong to final trials alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Trial } from '../../crds/index.ts';
import { createInThreadStream } from '../../trainer/data/index.ts';
import type { Batch } from '../../trainer/training/index.ts';
import { openTrialData } from '../../trainer/trial-data.ts';
import { makeTrialManifest } from '../builders/manifest.ts';

const PIXELS = 3 * 32 * 32;
/** Pictures of one shade each, which tells them apart. */
const TRAINING = Array.from({ length: 40 }, (_, shade) => shade);
const TEST = Array.from({ length: 20 }, (_, i) => 100 + i);

let path = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'bionas-trial-data-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const record = (shade: number) => [shade % 10, ...Array<number>(PIXELS).fill(shade)];
  await writeFile(join(path, 'data_batch_1.bin'), Buffer.from(TRAINING.flatMap(record)));
  await writeFile(join(path, 'test_batch.bin'), Buffer.from(TEST.flatMap(record)));
});

async function shadesOf(batches: AsyncIterable<Batch>): Promise<number[]> {
  const shades: number[] = [];
  for await (const { pictures, labels } of batches)
    labels.forEach((label, i) => {
      if (label >= 0) shades.push(pictures[i * PIXELS] ?? -1);
    });
  return shades.toSorted((a, b) => a - b);
}

async function seenBy(purpose: 'Search' | 'Final') {
  const dataset = { name: 'cifar10', path, validationPictures: 10, trainPictures: 25 };
  const { spec } = Trial.parse(
    makeTrialManifest({ purpose, dataset, training: { epochs: 2, batchSize: 5 } }),
  );
  const stream = createInThreadStream();
  const { data, close } = await openTrialData(spec, { cacheDir: path, stream });
  const learnt = await shadesOf(data.training(0, 0));
  const scored = await shadesOf(data.evaluation());
  await close();
  return { learnt, scored };
}

test('a search trial learns from some training pictures and is scored by others', async () => {
  const { learnt, scored } = await seenBy('Search');
  const both = new Set([...learnt, ...scored]);
  expect([learnt.length, scored.length, both.size]).toEqual([25, 10, 35]);
  expect(TRAINING).toEqual(expect.arrayContaining([...both]));
});

test('a final trial learns from all training pictures and is scored by the test pictures', async () => {
  expect(await seenBy('Final')).toEqual({ learnt: TRAINING, scored: TEST });
});
