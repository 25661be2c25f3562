// IDX files: what is read, and that every malformed one ends in a FormatError that says what is wrong.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  FormatError,
  openBytes,
  readIdxLabels,
  readIdxPictures,
} from '../../../../trainer/data/formats/index.ts';
import { idxBytes, joined, sourceOf } from './byte-sources.ts';

const PICTURES = 0x0803;
const LABELS = 0x0801;
const MOST = Number.POSITIVE_INFINITY;
const TEN = { classes: 10, most: MOST };
const twoPictures = idxBytes(PICTURES, [2, 1, 3], [1, 2, 3, 250, 251, 252]);
const threeLabels = idxBytes(LABELS, [3], [0, 9, 4]);

/** Another CRC in the trailer than the data has. */
function spoilt(gzip: Uint8Array): Uint8Array {
  return gzip.fill(7, gzip.length - 8, gzip.length - 4);
}

describe('well-formed files', () => {
  test('pictures come in order with their sizes, in shared memory', async () => {
    const read = await readIdxPictures(sourceOf(twoPictures), MOST);
    expect(read).toMatchObject({ count: 2, height: 1, width: 3 });
    expect([...read.pictures]).toEqual([1, 2, 3, 250, 251, 252]);
    expect(read.pictures.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('labels come in order', async () => {
    expect([...(await readIdxLabels(sourceOf(threeLabels), TEN))]).toEqual([0, 9, 4]);
  });

  test('whatever was written is read, at any chunk size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300, max: 9 }),
        fc.integer({ min: 1, max: 64 }),
        async (labels, chunk) => {
          const source = sourceOf(idxBytes(LABELS, [labels.length], labels), chunk);
          expect([...(await readIdxLabels(source, TEN))]).toEqual([...labels]);
        },
      ),
    );
  });
});

describe('malformed files', () => {
  test.each([
    ['nothing at all', new Uint8Array(0), /4 bytes of the magic number.*end of the file after 0/],
    ['labels in the place of pictures', threeLabels, /0x00000803.*got 0x00000801/],
    ['another type', idxBytes(0x0d03, [1, 1, 1], [0, 0, 0, 0]), /0x00000803.*got 0x00000d03/],
    ['a header cut short', twoPictures.subarray(0, 9), /sizes.*got the end of the file/],
    ['no pictures', idxBytes(PICTURES, [0, 28, 28], []), /expected entries, got none/],
    ['sides of nothing', idxBytes(PICTURES, [1, 0, 28], []), /sides from 1 to 4096, got 0 x 28/],
    ['the last picture cut', twoPictures.subarray(0, -5), /end of the file after|holds at most/],
    [
      'bytes too many',
      joined(twoPictures, twoPictures),
      /end of the file after 22 bytes, got more/,
    ],
    [
      'a header that promises the moon',
      idxBytes(PICTURES, [0xffffffff, 4096, 4096], [1]),
      /hold the \d+ bytes its header promises, got one that holds at most 17/,
    ],
  ])('pictures: %s', async (_, bytes, message) => {
    const reading = readIdxPictures(sourceOf(bytes), MOST);
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toThrow(/^a-file: .*bionas data fetch/);
  });

  test('labels: one outside the classes is named with its place', async () => {
    const reading = readIdxLabels(sourceOf(idxBytes(LABELS, [4], [0, 1, 10, 3])), TEN);
    await expect(reading).rejects.toThrow('expected labels from 0 to 9, got 10 at entry 2');
  });

  test('any bytes are read or refused with a FormatError, never another error', async () => {
    const start = fc.constantFrom([0, 0, 8, 3], [0, 0, 8, 1], []);
    const small = fc.integer({ min: 0, max: 3 }).map((n) => [0, 0, 0, n]);
    const bytes = fc
      .tuple(start, fc.array(small, { maxLength: 3 }), fc.array(fc.nat(255), { maxLength: 40 }))
      .map(([magic, sizes, rest]) => Uint8Array.from([...magic, ...sizes.flat(), ...rest]));
    const outcomes = { read: 0, refused: 0 };
    const note = (error: unknown) => {
      expect(error).toBeInstanceOf(FormatError);
      outcomes.refused += 1;
    };
    await fc.assert(
      fc.asyncProperty(bytes, async (file) => {
        await readIdxPictures(sourceOf(file), MOST).then((set) => {
          expect(set.pictures.length).toBe(file.length - 16);
          outcomes.read += 1;
        }, note);
        await readIdxLabels(sourceOf(file), { classes: 200, most: MOST }).then((labels) => {
          expect(labels.length).toBe(file.length - 8);
          outcomes.read += 1;
        }, note);
      }),
      { numRuns: 1000 },
    );
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

describe('on disk', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-idx-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function written(name: string, bytes: Uint8Array) {
    const path = join(directory, name);
    await writeFile(path, bytes);
    return openBytes(path);
  }

  test('a small file that unpacks to more than any data set has', async () => {
    const zeros = joined(idxBytes(PICTURES, [8192, 64, 64], []), new Uint8Array(2 ** 25));
    const packed = gzipSync(zeros);
    expect(packed.length).toBeLessThan(40_000);
    const reading = readIdxPictures(await written('bomb.gz', packed), 1000);
    await expect(reading).rejects.toThrow(
      'expected at most 1000 bytes, as many as the whole data set has, got a header that promises 33554432',
    );
  });

  test('plain and gzipped files read alike', async () => {
    const plain = await readIdxPictures(await written('plain', twoPictures), MOST);
    const packed = await readIdxPictures(await written('packed.gz', gzipSync(twoPictures)), MOST);
    expect([...packed.pictures]).toEqual([...plain.pictures]);
  });

  test.each([
    ['cut short', gzipSync(twoPictures).subarray(0, -6), /gzip data.*unexpected end of file/],
    ['no gzip at all', twoPictures, /gzip data.*incorrect header check/],
    ['a broken checksum', spoilt(gzipSync(twoPictures)), /gzip data.*incorrect data check/],
  ])('a .gz that is %s is refused with zlib as the cause', async (name, bytes, message) => {
    const reading = readIdxPictures(await written(`${name}.gz`, bytes), MOST);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({ name: 'FormatError', cause: expect.any(Error) });
  });
});
