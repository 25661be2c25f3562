// ImageNet16-120 as a whole: its ten batches count as the official ones or are refused; fewer are a sample.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readImagenet16 } from '../../../../trainer/data/catalog/imagenet16-120.ts';
import { FormatError, openBytes } from '../../../../trainer/data/formats/index.ts';
import { CATALOG } from '../../../../trainer/data/index.ts';

const BATCH = fileURLToPath(
  new URL('../formats/pickles/imagenet16-protocol-4.pickle', import.meta.url),
);
const { files, counts, classes } = CATALOG['imagenet16-120'];
/** Each holds two pictures of the first 120 classes. */
const found = (names: readonly string[]) =>
  new Map(names.map((name) => [name, { path: BATCH, open: () => openBytes(BATCH) }]));
const all = files.map(({ name }) => name);

test('its counts are those of NAS-Bench-201', () => {
  expect([counts, classes, files.length]).toEqual([{ train: 151_700, test: 6_000 }, 120, 11]);
});

describe('ten batches', () => {
  test('are read one after the other', async () => {
    const { train, test: held } = await readImagenet16({ train: 20, test: 2 })(found(all), {});
    expect([...train.labels]).toEqual(Array(10).fill([0, 119]).flat());
    expect([...held.labels]).toEqual([0, 119]);
    expect(train).toMatchObject({
      name: 'imagenet16-120 train',
      height: 16,
      width: 16,
      channels: 3,
    });
    expect(train.pictures.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(train.pictures.subarray(-768)).toEqual(held.pictures.subarray(-768));
  });

  test.each([
    { train: 21, test: 2 },
    { train: 20, test: 1 },
  ])('of other counts than $train + $test are refused', async (expected) => {
    const reading = readImagenet16(expected)(found(all), {});
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(
      `expected ${expected.train} + ${expected.test} pictures of the first 120 classes, got 20 + 2`,
    );
  });
});

test('one batch is a sample', async () => {
  const { train } = await readImagenet16(counts)(found(['train_data_batch_1', 'val_data']), {});
  expect([...train.labels]).toEqual([0, 119]);
});
