// Epochs as batches: every picture once, the same from the same seed, resumable anywhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareBatches } from '../../../trainer/data/batches.ts';
import {
  type Batch,
  batchCount,
  type EpochPlan,
  evaluationEpoch,
  NO_PICTURE,
  trainingEpoch,
} from '../../../trainer/data/index.ts';
import { makePictures, pixelsOf } from './picture-sets.ts';

const set = makePictures({ count: 23 });
const augmentation = { crop: 2, flip: true, cutout: 2 };
const training = { batchSize: 5, seed: 7, epoch: 0, augmentation };
async function batches(plan: EpochPlan): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of prepareBatches(plan)) all.push(batch);
  return all;
}

/** Which pictures of the set an epoch without augmentation showed, in order. */
async function shown(plan: EpochPlan): Promise<number[]> {
  const bytes = set.height * set.width * set.channels;
  const known = new Map(Array.from(set.labels, (_, i) => [pixelsOf(set, i).join(), i] as const));
  return (await batches(plan)).flatMap(({ pictures, labels }) =>
    Array.from(labels, (_, place) => {
      const pixels = pictures.slice(place * bytes, (place + 1) * bytes);
      return known.get(pixels.join()) ?? Number.NaN;
    }),
  );
}

describe('an epoch', () => {
  const plain = { batchSize: 5, seed: 7, epoch: 0 };

  test('shows every chosen picture once, shuffled, with its label', async () => {
    const indices = Int32Array.from([22, 1, 3, 5, 8, 13, 21]);
    const order = await shown(trainingEpoch(set, indices, plain));
    expect(order).not.toEqual([...indices]);
    expect(order.toSorted((a, b) => a - b)).toEqual([1, 3, 5, 8, 13, 21, 22]);
    const labels = (await batches(trainingEpoch(set, indices, plain))).flatMap((b) => [
      ...b.labels,
    ]);
    expect(labels).toEqual(order.map((picture) => picture % 10));
    expect([...indices]).toEqual([22, 1, 3, 5, 8, 13, 21]);
  });

  test('differs from the next epoch and from another seed', async () => {
    const orders = await Promise.all([
      shown(trainingEpoch(set, undefined, plain)),
      shown(trainingEpoch(set, undefined, { ...plain, epoch: 1 })),
      shown(trainingEpoch(set, undefined, { ...plain, seed: 8 })),
    ]);
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
  });

  // Pinned: a change here means that old checkpoints resume on other pictures.
  test('keeps its order from one version to the next', async () => {
    expect(await shown(trainingEpoch(set, undefined, plain))).toEqual([
      14, 20, 1, 16, 19, 15, 10, 0, 8, 18, 2, 9, 3, 12, 5, 4, 11, 6, 13, 21, 17, 7, 22,
    ]);
  });
});

describe('the last batch', () => {
  test.each([
    ['keep', [5, 5, 5, 5, 3]],
    ['drop', [5, 5, 5, 5]],
    ['pad', [5, 5, 5, 5, 5]],
  ] as const)('%s: batches of %j', async (lastBatch, sizes) => {
    const plan = trainingEpoch(set, undefined, { ...training, lastBatch });
    expect((await batches(plan)).map((batch) => batch.labels.length)).toEqual(sizes);
    expect(batchCount(plan)).toBe(sizes.length);
  });

  test('evaluation keeps the order, changes nothing, and pads with no picture', async () => {
    const plan = evaluationEpoch(set, Int32Array.from([4, 2, 9]), { batchSize: 2 });
    const [first, last, ...more] = await batches(plan);
    expect(more).toEqual([]);
    expect([...first!.labels, ...last!.labels]).toEqual([4, 2, 9, NO_PICTURE]);
    expect(last!.pictures).toEqual(Uint8Array.from([...pixelsOf(set, 9), ...new Uint8Array(60)]));
    expect(first!.keep).toBeUndefined();
  });
});

describe('resuming', () => {
  test('an epoch taken up at batch k goes on as if it had not stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(20), fc.nat(6), async (seed, epoch, firstBatch) => {
        const whole = await batches(trainingEpoch(set, undefined, { ...training, seed, epoch }));
        const rest = trainingEpoch(set, undefined, { ...training, seed, epoch, firstBatch });
        expect(await batches(rest)).toEqual(whole.slice(firstBatch));
      }),
    );
  });
});

describe('workers that share an epoch', () => {
  const concatenated = (parts: readonly Batch[], of: 'pictures' | 'labels' | 'keep') =>
    parts.flatMap((part) => [...part[of]!]);

  test('have every batch together, in its order, with its pixels, however many they are', async () => {
    const lasts = fc.constantFrom('keep', 'drop', 'pad');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 5, max: 9 }),
        lasts,
        async (seed, world, batchSize, lastBatch) => {
          const epoch = { ...training, seed, batchSize, lastBatch };
          const whole = await batches(trainingEpoch(set, undefined, epoch));
          const shares = await Promise.all(
            Array.from({ length: world }, (_, rank) =>
              batches(trainingEpoch(set, undefined, { ...epoch, share: { rank, world } })),
            ),
          );
          for (const [k, batch] of whole.entries()) {
            const parts = shares.map((share) => share[k]!);
            for (const of of ['pictures', 'labels', 'keep'] as const)
              expect(concatenated(parts, of)).toEqual([...batch[of]!]);
            const sizes = parts.map(({ labels }) => labels.length);
            expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each([
    [{ rank: 2, world: 2 }, 'share.rank from 0 to 1, got 2'],
    [{ rank: 0, world: 6 }, 'share.world from 1 to the 5 pictures of a batch, got 6'],
  ])('%j of batches of 5 is refused', async (share, message) => {
    const plan = trainingEpoch(set, undefined, { ...training, share });
    await expect(batches(plan)).rejects.toThrow(message);
  });
});

describe('augmentation', () => {
  test('cutout adds a mask with a hole for every picture and leaves the pixels alone', async () => {
    const only = { crop: 0, flip: false, cutout: 2 };
    const plan = trainingEpoch(set, undefined, { ...training, augmentation: only });
    const plain = trainingEpoch(set, undefined, { batchSize: 5, seed: 7, epoch: 0 });
    const area = set.height * set.width;
    const unchanged = await batches(plain);
    (await batches(plan)).forEach((batch, k) => {
      expect(batch.pictures).toEqual(unchanged[k]!.pictures);
      for (let place = 0; place < batch.labels.length; place++) {
        const mask = batch.keep!.subarray(place * area, (place + 1) * area);
        const hole = mask.filter((keep) => keep === 0).length;
        expect([1, 2, 4]).toContain(hole);
      }
    });
  });

  test('crop and flip move pictures and bring in nothing but zeros', async () => {
    const plan = trainingEpoch(set, undefined, { ...training, lastBatch: 'drop' });
    const pixels = (await batches(plan)).flatMap((batch) => [...batch.pictures]);
    const still = trainingEpoch(set, undefined, {
      ...training,
      augmentation: { ...augmentation, crop: 0 },
    });
    expect(pixels.filter((pixel) => pixel === 0).length).toBeGreaterThan(0);
    expect((await batches(still)).flatMap((batch) => [...batch.pictures])).not.toContain(0);
  });
});

describe('plans that cannot be', () => {
  test.each([
    ['batchSize', { ...training, batchSize: 0 }, /batchSize of at least 1, got 0/],
    ['firstBatch', { ...training, firstBatch: -1 }, /firstBatch of at least 0, got -1/],
    ['crop', { ...training, augmentation: { ...augmentation, crop: 0.5 } }, /crop .* got 0.5/],
    [
      'resizedCrop',
      { ...training, augmentation: { ...augmentation, resizedCrop: 0.1 } },
      /resizedCrop of 0, as these pictures have one size, got 0.1/,
    ],
    ['cutout', { ...training, augmentation: { ...augmentation, cutout: -3 } }, /cutout .* got -3/],
  ])('%s is refused at once', (_, options, message) => {
    expect(() => prepareBatches(trainingEpoch(set, undefined, options))).toThrow(message);
  });

  test('an index outside the set is refused', () => {
    const plan = trainingEpoch(set, Int32Array.from([0, 23]), training);
    expect(() => prepareBatches(plan)).toThrow('expected indices from 0 to 22, got 23');
  });
});
