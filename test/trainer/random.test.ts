// The generator against published answers, and the promises that resuming and splitting rest on.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random, type RandomState, splitmix64 } from '../../trainer/random.ts';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('known answers', () => {
  test('SplitMix64 from seed 1234567 gives the reference outputs', () => {
    expect(splitmix64(1234567n, 5)).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });

  test('xoshiro128** from state 1, 2, 3, 4 gives the reference outputs', () => {
    expect(draws(new Random([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  // Pinned: a change here changes every trial that was ever seeded.
  test('seeding, splitting and shuffling keep their numbers', () => {
    const random = Random.fromSeed(1);
    expect(random.state).toEqual([2298633409, 2433363436, 1703865447, 3203108257]);
    expect(draws(random, 2)).toEqual([1695105466, 1423115009]);
    expect(random.uniform()).toBe(0.1477500889354657);
    expect(draws(Random.fromSeed(1).split('weights'), 2)).toEqual([4091227661, 2928099244]);
    const order = Random.fromSeed(1).shuffle(Int32Array.from({ length: 8 }, (_, i) => i));
    expect([...order]).toEqual([4, 5, 0, 7, 3, 6, 1, 2]);
  });
});

describe('drawing', () => {
  test('int stays below its bound and uniform in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const random = Random.fromSeed(seed);
        const i = random.int(bound);
        const u = random.uniform();
        return i >= 0 && i < bound && u >= 0 && u < 1;
      }),
    );
  });

  test('int(6) is fair: every face within 4 standard deviations of 10,000', () => {
    const random = Random.fromSeed(11);
    const faces = new Int32Array(6);
    for (let i = 0; i < 60_000; i++) faces[random.int(6)]! += 1;
    const deviation = Math.sqrt(60_000 * (1 / 6) * (5 / 6));
    for (const count of faces) expect(Math.abs(count - 10_000)).toBeLessThan(4 * deviation);
  });

  test('uniform has mean 1/2 and variance 1/12', () => {
    const random = Random.fromSeed(5);
    const us = Array.from({ length: 50_000 }, () => random.uniform());
    const mean = us.reduce((a, b) => a + b) / us.length;
    const variance = us.reduce((a, u) => a + (u - mean) ** 2, 0) / us.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test('shuffle permutes, and every position receives every value', () => {
    const seen = Array.from({ length: 4 }, () => new Set<number>());
    for (let seed = 0; seed < 100; seed++) {
      const order = Random.fromSeed(seed).shuffle(Int32Array.from([0, 1, 2, 3]));
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
      order.forEach((value, place) => {
        seen[place]!.add(value);
      });
    }
    for (const values of seen) expect(values.size).toBe(4);
  });
});

describe('state and splitting', () => {
  test('a generator goes on from its state after a trip through JSON', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(50), (seed, before) => {
        const random = Random.fromSeed(seed);
        draws(random, before);
        const stored = JSON.parse(JSON.stringify(random.state)) as RandomState;
        expect(draws(new Random(stored), 5)).toEqual(draws(random, 5));
      }),
    );
  });

  test('a child depends on parent and label alone, and leaves the parent where it was', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.string(), (seed, one, other) => {
        const parent = Random.fromSeed(seed);
        const child = draws(parent.split(one), 4);
        const sibling = draws(parent.split(other), 4);
        expect(draws(parent.split(one), 4)).toEqual(child);
        if (one !== other) expect(sibling).not.toEqual(child);
        expect(parent.state).toEqual(Random.fromSeed(seed).state);
      }),
    );
  });

  test.each([
    ['zero words', [0, 0, 0, 0]],
    ['a negative word', [-1, 2, 3, 4]],
    ['a fraction', [0.5, 2, 3, 4]],
    ['too few words', [1, 2, 3]],
  ])('refuses %s as a state', (_, words) => {
    expect(() => new Random(words as unknown as RandomState)).toThrow(/four uint32 words/);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %s as a seed', (seed) => {
    expect(() => Random.fromSeed(seed)).toThrow(RangeError);
  });
});
