// The generator against published answers, and the promises that replays rest on.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random, type RandomState } from '../../../operator/search/index.ts';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('known answers', () => {
  test('xoshiro128++ from state 1, 2, 3, 4 gives the reference outputs', () => {
    expect(draws(new Random([1, 2, 3, 4]), 10)).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295,
      495546011, 621204420,
    ]);
  });

  // Pinned: a change here changes every search that was ever seeded. States recomputed with another SHA-256.
  test('seeding, splitting and shuffling keep their numbers', () => {
    const random = Random.fromSeed(1);
    expect(random.state).toEqual([2723981116, 1904861858, 3394948896, 2293595688]);
    expect(random.split('proposal 0').state).toEqual([
      3540135478, 3512013930, 1594685861, 2261188233,
    ]);
    expect(Random.fromSeed(1).shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([5, 0, 4, 2, 3, 7, 6, 1]);
    expect(random.uniform()).toBe(0.16966779895778716);
  });
});

describe('drawing', () => {
  test('int stays below its bound and uniform in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const random = Random.fromSeed(seed);
        const i = random.int(bound);
        const u = random.uniform();
        return Number.isInteger(i) && i >= 0 && i < bound && u >= 0 && u < 1;
      }),
    );
  });

  test('int(6) is fair: every face within 4 standard deviations of 10,000', () => {
    const random = Random.fromSeed(11);
    const faces = Array.from({ length: 6 }, () => 0);
    for (let i = 0; i < 60_000; i += 1) faces[random.int(6)]! += 1;
    const deviation = Math.sqrt(60_000 * (1 / 6) * (5 / 6));
    for (const count of faces) expect(Math.abs(count - 10_000)).toBeLessThan(4 * deviation);
  });

  test('int of 3/4 of the range is fair: without drawing again a third of it would come twice as often', () => {
    const random = Random.fromSeed(3);
    const bound = 3 * 2 ** 30;
    const low = Array.from({ length: 20_000 }, () => random.int(bound)).filter((i) => i < 2 ** 30);
    expect(low.length / 20_000).toBeCloseTo(1 / 3, 1);
  });

  test('shuffle keeps every item and leaves its argument alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat()), (seed, items) => {
        const before = [...items];
        const shuffled = Random.fromSeed(seed).shuffle(items);
        expect(items).toEqual(before);
        expect(shuffled.toSorted()).toEqual(items.toSorted());
      }),
    );
  });
});

describe('state', () => {
  test('a generator goes on from its state as it would have', () => {
    const random = Random.fromSeed(7);
    random.next();
    const resumed = new Random(JSON.parse(JSON.stringify(random.state)));
    expect(draws(resumed, 5)).toEqual(draws(random, 5));
  });

  test('splitting draws nothing, and each label has a stream of its own', () => {
    const random = Random.fromSeed(7);
    const before = random.state;
    const [a, b, again] = ['a', 'b', 'a'].map((label) => draws(random.split(label), 4));
    expect(random.state).toEqual(before);
    expect(a).toEqual(again);
    expect(a).not.toEqual(b);
  });

  test.each([[[0, 0, 0, 0]], [[1, 2, 3]], [[1, 2, 3, -4]], [[1, 2, 3, 0.5]]])(
    '%j is no state',
    (words) => {
      expect(() => new Random(words as unknown as RandomState)).toThrow(
        /expected four uint32 words/,
      );
    },
  );

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is no seed', (seed) => {
    expect(() => Random.fromSeed(seed)).toThrow(/expected an integer from 0 to 2\^53 - 1/);
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1])('%d is no bound', (bound) => {
    expect(() => Random.fromSeed(1).int(bound)).toThrow(/expected an integer from 1 to 2\^32/);
  });
});
