// Loading from directories: what must be there, what a named directory may lack, and the real pictures.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATASETS } from '../../../crds/index.ts';
import { CATALOG, DatasetMissingError, loadDataset } from '../../../trainer/data/index.ts';
import { cifarRecord, idxBytes } from './formats/byte-sources.ts';
import { inMemory } from './picture-sets.ts';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'bionas-load-'));
});
afterEach(() => rm(cacheDir, { recursive: true }));

async function writeFiles(directory: string, files: Readonly<Record<string, Uint8Array>>) {
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(directory, name), bytes);
}

const pictures = (count: number) =>
  idxBytes(0x0803, [count, 28, 28], new Uint8Array(count * 784).fill(9));
const labels = (...values: number[]) => idxBytes(0x0801, [values.length], values);
const idx = {
  'train-images-idx3-ubyte.gz': gzipSync(pictures(3)),
  'train-labels-idx1-ubyte.gz': gzipSync(labels(0, 9, 5)),
  't10k-images-idx3-ubyte': pictures(1),
  't10k-labels-idx1-ubyte': labels(7),
};

describe('from the cache', () => {
  test('IDX files load, packed or not', async () => {
    await writeFiles(join(cacheDir, 'mnist'), idx);
    const { train, test: held, statistics } = await loadDataset({ name: 'mnist' }, { cacheDir });
    expect(train).toMatchObject({ name: 'mnist train', height: 28, width: 28, channels: 1 });
    expect([...train.labels]).toEqual([0, 9, 5]);
    expect(inMemory(train).pictures.length).toBe(3 * 784);
    expect([...held.labels]).toEqual([7]);
    expect(statistics).toEqual({ mean: [0.1307], std: [0.3081] });
  });

  test('labels that do not match the pictures are refused', async () => {
    const files = { ...idx, 't10k-labels-idx1-ubyte': labels(7, 7) };
    await writeFiles(join(cacheDir, 'mnist'), files);
    await expect(loadDataset({ name: 'mnist' }, { cacheDir })).rejects.toThrow(
      /t10k-labels-idx1-ubyte: expected 1 labels, one for each picture of .*, got 2/,
    );
  });

  test.each(DATASETS)(
    'missing %s: the message says which files and which command',
    async (name) => {
      const loading = loadDataset({ name }, { cacheDir });
      await expect(loading).rejects.toThrow(DatasetMissingError);
      await expect(loading).rejects.toThrow(`\`bionas data fetch ${name}\``);
      for (const file of CATALOG[name].files) await expect(loading).rejects.toThrow(file.name);
    },
  );

  test('CIFAR-10 with a batch missing is no CIFAR-10', async () => {
    const record = cifarRecord([1]);
    await writeFiles(join(cacheDir, 'cifar10'), {
      'data_batch_1.bin': record,
      'test_batch.bin': record,
    });
    await expect(loadDataset({ name: 'cifar10' }, { cacheDir })).rejects.toThrow(
      'data_batch_5.bin',
    );
  });
});

describe('from a directory that the user names', () => {
  const load = (files: Readonly<Record<string, Uint8Array>>, name: 'cifar10' | 'cifar100') =>
    writeFiles(cacheDir, files).then(() =>
      loadDataset({ name, path: cacheDir }, { cacheDir: '/nowhere' }),
    );

  test('later CIFAR-10 batches may be absent', async () => {
    const files = {
      'data_batch_1.bin': cifarRecord([1]),
      'data_batch_2.bin': cifarRecord([2]),
      'test_batch.bin': cifarRecord([3]),
    };
    const { train, test: held } = await load(files, 'cifar10');
    expect([...train.labels, ...held.labels]).toEqual([1, 2, 3]);
  });

  test('a batch in the middle may not', async () => {
    const files = {
      'data_batch_1.bin': cifarRecord([1]),
      'data_batch_3.bin': cifarRecord([2]),
      'test_batch.bin': cifarRecord([3]),
    };
    await expect(load(files, 'cifar10')).rejects.toThrow(/lacks data_batch_2\.bin\..*`path`/);
  });

  test('CIFAR-100 takes its fine labels', async () => {
    const files = { 'train.bin': cifarRecord([4, 30]), 'test.bin': cifarRecord([0, 99]) };
    const { train, test: held } = await load(files, 'cifar100');
    expect(train.classes[train.labels[0]!]).toBe('dolphin');
    expect(held.classes[held.labels[0]!]).toBe('worm');
    expect(train.classes.length).toBe(100);
  });
});

const SAMPLE = fileURLToPath(new URL('../../../../shared/data/cifar10-sample', import.meta.url));
const describeReal = existsSync(SAMPLE) ? describe : describe.skip;
if (!existsSync(SAMPLE)) console.log('skipped: no CIFAR-10 sample beside the project');

describeReal('real CIFAR-10 pictures', () => {
  test('every class has its share and channels have CIFAR’s means', async () => {
    const dataset = await loadDataset({ name: 'cifar10', path: SAMPLE }, { cacheDir });
    const { test: held, statistics } = dataset;
    const train = inMemory(dataset.train);
    const share = (set: { labels: Int32Array }) =>
      Array.from({ length: 10 }, (_, label) => set.labels.filter((l) => l === label).length);
    expect(share(train)).toEqual(new Array(10).fill(1000));
    expect(share(held)).toEqual(new Array(10).fill(200));

    for (let c = 0; c < 3; c++) {
      const values = train.pictures.filter((_, i) => i % 3 === c);
      const mean = values.reduce((a, b) => a + b) / values.length / 255;
      const variance = values.reduce((a, b) => a + (b / 255 - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean - statistics.mean[c]!)).toBeLessThan(0.01);
      expect(Math.abs(Math.sqrt(variance) - statistics.std[c]!)).toBeLessThan(0.01);
    }
  });

  // A picture whose planes were woven wrongly is rough: neighbours along a row would be of other colours or rows.
  test('neighbouring pixels resemble each other', async () => {
    const { train: part } = await loadDataset({ name: 'cifar10', path: SAMPLE }, { cacheDir });
    const train = inMemory(part);
    const difference = (step: number) => {
      let sum = 0;
      for (let i = 0; i < 300 * 3072; i++) {
        sum += Math.abs(train.pictures[i]! - train.pictures[i + step]!);
      }
      return sum / (300 * 3072);
    };
    const [right, below, far] = [difference(3), difference(96), difference(48 + 16 * 96)];
    expect(right).toBeLessThan(0.4 * far);
    expect(below).toBeLessThan(0.4 * far);
  });
});
