// The order of pictures in blocks: each once, mixed within a window, each block in use once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Blocks, type Photographs, sharedLabels } from '../../../trainer/data/dataset.ts';
import { shuffledOrder, WINDOW_BYTES } from '../../../trainer/data/order.ts';
import { sharedBlocks } from '../../../trainer/data/photographs/blocks.ts';
import { blockOf } from '../../../trainer/data/photographs/index.ts';
import { Random } from '../../../trainer/random.ts';

/** Blocks of so many pictures, each of a quarter of a window. */
function setOf(sizes: readonly number[]): Photographs & { readonly blocks: Blocks } {
  let first = 0;
  const runs = sizes.map((size, file) => {
    first += size;
    return { file, first: first - size, from: 0, to: WINDOW_BYTES / 4 };
  });
  const files = { directory: '', bytes: new Uint8Array(), ends: new Int32Array() };
  return {
    name: 'made up',
    place: '/nowhere',
    format: 'webdataset',
    files,
    labels: sharedLabels(first),
    classes: ['one'],
    height: 1,
    width: 1,
    channels: 3,
    blocks: sharedBlocks(runs, first),
  };
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 30 });

test('shows each chosen picture once, and uses no more blocks at a time than a window holds', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.integer({ min: 1, max: 3 }), (counts, seed, every) => {
      const set = setOf(counts);
      const chosen = Int32Array.from(set.labels.keys()).filter((picture) => picture % every === 0);
      const order = shuffledOrder(set, chosen.slice(), Random.fromSeed(seed));
      expect(order.toSorted()).toEqual(chosen);
      const places = new Map<number, number[]>();
      for (const [place, picture] of order.entries()) {
        const block = blockOf(set.blocks, picture);
        places.set(block, [...(places.get(block) ?? []), place]);
      }
      const spans = [...places.values()].map((used) => [used[0]!, used.at(-1)!] as const);
      for (const place of order.keys())
        expect(spans.filter(([from, to]) => from <= place && place <= to).length).toBeLessThan(5);
    }),
  );
});

test('mixes all of a small set, and differs by seed', () => {
  const set = setOf([10, 10, 10]);
  const all = Int32Array.from(set.labels.keys());
  const orders = [1, 2].map((seed) => shuffledOrder(set, all.slice(), Random.fromSeed(seed)));
  expect(orders[0]).not.toEqual(orders[1]);
  const inFirstTen = new Set(Array.from(orders[0]!.subarray(0, 10), (i) => blockOf(set.blocks, i)));
  expect(inFirstTen.size).toBe(3);
});

test.each([
  [0, 0],
  [9, 0],
  [10, 1],
  [29, 2],
])('picture %i lies in block %i', (picture, block) => {
  expect(blockOf(setOf([10, 15, 5]).blocks, picture)).toBe(picture < 25 ? block : 2);
});
