// Batches of downsampled ImageNet: planes become channels-last, later classes are left out, and other pickles are refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import {
  FormatError,
  openBytes,
  readDownsampledImagenet,
} from '../../../../trainer/data/formats/index.ts';
import { pickleOf, uint32 } from './pickle-bytes.ts';

const BATCH = fileURLToPath(new URL('pickles/imagenet16-protocol-3.pickle', import.meta.url));

/** As make-pickles.py has it. */
const pixel = (picture: number, channel: number, place: number) =>
  (picture * 768 + channel * 256 + place) % 251;

test('pictures of the first classes, their labels from 0', async () => {
  const { pictures, labels } = await readDownsampledImagenet(await openBytes(BATCH), {
    side: 16,
    classes: 120,
  });
  expect([...labels]).toEqual([0, 119]);
  expect(pictures).toHaveLength(2 * 768);
  for (const [n, picture] of [0, 2].entries())
    for (const place of [0, 1, 255])
      for (const channel of [0, 1, 2])
        expect(pictures[n * 768 + place * 3 + channel]).toBe(pixel(picture, channel, place));
});

test('all classes, where as many are asked for', async () => {
  const { labels } = await readDownsampledImagenet(await openBytes(BATCH), {
    side: 16,
    classes: 1000,
  });
  expect([...labels]).toEqual([0, 120, 119, 999]);
});

const bytesOf = (text: string) => `B${uint32(text.length)}${text}`;
/** A dict with `rows` rows of 12 bytes, and labels. */
const batch = (rows: number, labels: string, type = 'u1') =>
  pickleOf(
    [
      `}(X${uint32(4)}data`,
      'cnumpy\nndarray\n)R',
      `(K\x01K${String.fromCharCode(rows)}K\x0c\x86cnumpy\ndtype\nX${uint32(2)}${type}\x85R\x89`,
      `${bytesOf('a'.repeat(rows * 12 * Number(type.slice(1))))}tb`,
      `X${uint32(6)}labels](${labels}eu`,
    ],
    3,
  );

test.each<[string, Uint8Array, string]>([
  ['a list', pickleOf([']']), 'a dict with an array `data` and a list `labels`, got another value'],
  ['a dict without', pickleOf([`}X${uint32(1)}xNs`]), 'got one with x'],
  [
    'a label too few',
    batch(2, 'K\x01'),
    'shape 1 x 12, a row for each label, got type u1 and shape 2 x 12',
  ],
  ['wide numbers', batch(1, 'K\x01', 'i4'), 'got type i4 and shape 1 x 12'],
  ['label 0', batch(2, 'K\x01K\0'), 'labels from 1 to 1000, got 0 at entry 1'],
  ['label 1001', batch(1, 'M\xe9\x03'), 'labels from 1 to 1000, got 1001 at entry 0'],
  ['a label of text', batch(1, `X${uint32(1)}1`), 'labels from 1 to 1000, got 1 at entry 0'],
])('%s is refused', async (_, bytes, message) => {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-imagenet16-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'batch');
  await writeFile(path, bytes);
  const reading = readDownsampledImagenet(await openBytes(path), { side: 2, classes: 120 });
  await expect(reading).rejects.toThrow(FormatError);
  await expect(reading).rejects.toThrow(message);
});
