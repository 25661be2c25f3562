// CIFAR binaries: planes become channels-last, and every malformed file ends in a FormatError.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CifarLayout,
  FormatError,
  readCifar,
} from '../../../../trainer/data/formats/index.ts';
import { cifarRecord, joined, sourceOf } from './byte-sources.ts';

const CIFAR10: CifarLayout = { labelBytes: 1, labelAt: 0, classes: 10, most: 3 };
const CIFAR100: CifarLayout = { labelBytes: 2, labelAt: 1, classes: 100, most: 3 };

describe('well-formed files', () => {
  test('planes are woven into pixels, records of several files into one set', async () => {
    const one = joined(cifarRecord([3]), cifarRecord([9], 50));
    const two = cifarRecord([0], 100);
    const set = await readCifar([sourceOf(one, 1000), sourceOf(two, 4096)], CIFAR10);

    expect([...set.labels]).toEqual([3, 9, 0]);
    expect(set.pictures.length).toBe(3 * 3072);
    expect([...set.pictures.subarray(0, 6)]).toEqual([200, 201, 202, 0, 1, 2]);
    expect([...set.pictures.subarray(3072, 3078)]).toEqual([200, 201, 202, 50, 51, 52]);
    expect([...set.pictures.subarray(-3)]).toEqual([100, 101, 102]);
    expect(set.pictures.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('CIFAR-100 takes the fine label, the second byte', async () => {
    const set = await readCifar([sourceOf(cifarRecord([19, 99]), 512)], CIFAR100);
    expect([...set.labels]).toEqual([99]);
    expect([...set.pictures.subarray(0, 3)]).toEqual([200, 201, 202]);
  });
});

describe('malformed files', () => {
  const lying = (bytes: Uint8Array, promised: number) => ({
    ...sourceOf(bytes, 2048),
    maximumBytes: promised,
  });

  test.each([
    ['empty', sourceOf(new Uint8Array(0)), /records of 3073 bytes, got 0 bytes/],
    ['cut', sourceOf(cifarRecord([1]).subarray(1)), /records of 3073 bytes, got 3072 bytes/],
    ['CIFAR-100', sourceOf(cifarRecord([1, 1])), /records of 3073 bytes, got 3074 bytes/],
    [
      'wrongly labelled',
      sourceOf(joined(cifarRecord([1]), cifarRecord([10])), 2048),
      /labels from 0 to 9, got 10 in record 1/,
    ],
    [
      'cut while it is read',
      lying(cifarRecord([1]), 2 * 3073),
      /record 1.*got the end of the file/,
    ],
    ['longer than any', lying(cifarRecord([1]), 1e6 * 3073), /at most 3 pictures.*got 1000000/],
    ['grown while it is read', lying(joined(cifarRecord([1]), cifarRecord([1])), 3073), /got more/],
  ])('a file that is %s', async (_, source, message) => {
    const reading = readCifar([source], CIFAR10);
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(message);
  });

  test('any bytes are read or refused with a FormatError, never another error', async () => {
    const outcomes = new Set<string>();
    const length = fc.constantFrom(3073, 6146, 3072, 3074, 1);
    await fc.assert(
      fc.asyncProperty(length, fc.nat(255), fc.nat(255), async (size, label, later) => {
        const file = new Uint8Array(size).fill(later);
        file[0] = label;
        const outcome = await readCifar([sourceOf(file, 3000)], CIFAR10).then(
          (set) => {
            expect([...set.labels].every((l) => l < 10)).toBe(true);
            return 'read';
          },
          (error: unknown) => {
            expect(error).toBeInstanceOf(FormatError);
            return 'refused';
          },
        );
        outcomes.add(outcome);
      }),
      { numRuns: 300 },
    );
    expect(outcomes).toEqual(new Set(['read', 'refused']));
  });
});
