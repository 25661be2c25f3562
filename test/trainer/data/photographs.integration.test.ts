// What every form of photographs promises, told once and checked for each: counts, labels, batches, resuming, and a word about damage.
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  type Batch,
  createPrefetchStream,
  type EpochPlan,
  evaluationEpoch,
  loadDataset,
  trainingEpoch,
} from '../../../trainer/data/index.ts';
import { directoryWith } from './directories.ts';
import { serveFiles } from './file-server.ts';
import { FORMS, type Labelled, parquetOf, shades, tarOf } from './photograph-shards.ts';

const PIXELS = 224 * 224 * 3;
const training = {
  batchSize: 3,
  seed: 5,
  epoch: 0,
  augmentation: { crop: 0, flip: true, cutout: 0, resizedCrop: 0.5 },
};
let [train, val]: [Labelled[], Labelled[]] = [[], []];
beforeAll(async () => {
  train = await shades(10);
  val = await shades(3, 200);
});

const load = (path: string) =>
  loadDataset({ name: 'imagenet', path, classes: 2 }, { cacheDir: '/nowhere' });

async function collect(plan: EpochPlan): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of prepareBatches(plan)) all.push(batch);
  return all;
}

/** Label and shade of each picture. */
const seen = (batches: readonly Batch[]) =>
  batches.flatMap(({ pictures, labels }) =>
    Array.from(labels, (label, i) => [label, pictures[i * PIXELS + PIXELS / 2]] as const),
  );

describe.each(Object.keys(FORMS))('photographs as %s', (form) => {
  const open = async (): Promise<string> => directoryWith(FORMS[form]!(train, val));

  test('are counted, and have their classes and labels', async () => {
    const { train: part, test: held } = await load(await open());
    expect([part.labels.length, held.labels.length]).toEqual([10, 3]);
    expect(part.classes).toHaveLength(2);
    expect(held.classes).toEqual(part.classes);
    const shown = seen(await collect(evaluationEpoch(held, undefined, { batchSize: 3 })));
    expect(shown.toSorted(([, a], [, b]) => Number(a) - Number(b))).toEqual([
      [0, 200],
      [1, 210],
      [0, 220],
    ]);
  });

  test('are each shown once in an epoch, shuffled, with their labels', async () => {
    const { train: part } = await load(await open());
    const shown = seen(await collect(trainingEpoch(part, undefined, training)));
    const expected = train.map(({ label }, i) => [label, 10 + 10 * i]);
    expect(shown.toSorted(([, a], [, b]) => Number(a) - Number(b))).toEqual(expected);
    expect(shown).not.toEqual(expected);
  });

  test('go on in the middle of an epoch, and in the thread, with the same pixels', async () => {
    const { train: part } = await load(await open());
    const whole = await collect(trainingEpoch(part, undefined, training));
    const rest = trainingEpoch(part, undefined, { ...training, firstBatch: 2 });
    expect(await collect(rest)).toEqual(whole.slice(2));
    const stream = createPrefetchStream();
    const batches: Batch[] = [];
    for await (const batch of stream.batches(rest)) batches.push(batch);
    await stream.close();
    expect(batches).toEqual(whole.slice(2));
  });

  test('are the same from a web server', async () => {
    const directory = await open();
    const { base } = await serveFiles(directory);
    const plan = async (path: string) =>
      trainingEpoch((await load(path)).train, Int32Array.from([1, 4, 7, 9]), training);
    expect(await collect(await plan(base))).toEqual(await collect(await plan(directory)));
  });

  test('that lack a part are not there', async () => {
    const files = Object.entries(FORMS[form]!(train, val));
    const directory = await directoryWith(
      Object.fromEntries(files.filter(([name]) => !name.includes('val'))),
    );
    await expect(load(directory)).rejects.toThrow(/lacks .*the folder val/);
  });

  test('of other classes than are declared are refused', async () => {
    const path = await open();
    const loading = loadDataset({ name: 'imagenet', path, classes: 3 }, { cacheDir: '/nowhere' });
    await expect(loading).rejects.toThrow(/expected .*3 class/);
  });
});

describe('shards', () => {
  test('with a few pictures wanted of many are not read whole', async () => {
    const directory = await directoryWith(FORMS['webdataset']!(train, val));
    const { base, asked } = await serveFiles(directory);
    const { train: part } = await load(base);
    const before = asked.length;
    await collect(evaluationEpoch(part, Int32Array.of(3), { batchSize: 1 }));
    const [length] = asked.slice(before).map((line) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(line)!;
      return Number(to) - Number(from) + 1;
    });
    expect(length).toBe(train[3]!.bytes.length);
  });

  test.each<[string, (files: readonly Labelled[]) => Uint8Array, RegExp]>([
    [
      'a picture without a label',
      ([one]) => tarOf([[`${one!.name}.jpg`, one!.bytes]]),
      /train\.tar: expected a picture .* and a label .*, got only a picture of shade10/,
    ],
    [
      'a label that is none',
      ([one]) =>
        tarOf([
          ['a.jpg', one!.bytes],
          ['a.cls', Buffer.from('tench')],
        ]),
      /expected labels from 0 to 1, got "tench" in a\.cls/,
    ],
    [
      'a shard that was cut off',
      ([one]) =>
        tarOf([
          ['a.cls', Buffer.from('0')],
          ['a.jpg', one!.bytes],
        ]).subarray(0, 1700),
      /expected \d+ bytes of a\.jpg from byte 1536 on, got the end of the file after 1700 bytes/,
    ],
    [
      'a shard that was cut off between two files',
      (files) => tarOf(files.map(({ name, bytes }) => [`${name}.txt`, bytes])).subarray(0, -1024),
      /train\.tar: expected a tar archive to its end, .*, got the end of the file after \d+ bytes/,
    ],
    ['a file of another kind', () => new Uint8Array(5000).fill(7), /expected a tar header/],
  ])('%s is refused', async (_, spoilt, message) => {
    const directory = await directoryWith({ ...FORMS['webdataset']!(train, val) });
    await writeFile(join(directory, 'train.tar'), spoilt(train));
    await expect(load(directory)).rejects.toThrow(message);
  });

  test('a Parquet file that was cut off is refused', async () => {
    const directory = await directoryWith(FORMS['parquet']!(train, val));
    const file = join(directory, 'data/train-00001-of-00002.parquet');
    await truncate(file, (await readFile(file)).length - 20);
    await expect(load(directory)).rejects.toThrow(
      /train-00001-of-00002\.parquet: expected a whole Parquet file, got/,
    );
  });

  test.each([
    ['that is none', null],
    ['with a fraction', 0.5],
  ])('a Parquet file with a label %s is refused', async (_, label) => {
    const directory = await directoryWith(FORMS['parquet']!(train, val));
    await writeFile(
      join(directory, 'data/train-00001-of-00002.parquet'),
      parquetOf(train.slice(0, 3), { labels: [0, label, 1] }),
    );
    await expect(load(directory)).rejects.toThrow(
      /train-00001-of-00002\.parquet: expected a column label with whole numbers, got none of picture 1 of a row group/,
    );
  });

  test('in two forms side by side are refused', async () => {
    const both = { ...FORMS['parquet']!(train, val), ...FORMS['webdataset']!(train, val) };
    await expect(load(await directoryWith(both))).rejects.toThrow(
      'expected training pictures in one form, got several',
    );
  });

  test('that vanish while they are read end the iteration with their name', async () => {
    const directory = await directoryWith(FORMS['webdataset']!(train, val));
    const { train: part } = await load(directory);
    await rm(join(directory, 'train-000000.tar'));
    await expect(collect(trainingEpoch(part, undefined, training))).rejects.toThrow(
      /train-000000\.tar: .*ENOENT/,
    );
  });
});
