// Kendall's tau-b against numbers known from elsewhere, and what it does not depend on.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootstrapIntervalOf, kendallTau, type Pair } from '../../../cli/statistics/index.ts';
import { Random } from '../../../operator/search/index.ts';

const zipped = (a: readonly number[], b: readonly number[]): Pair[] =>
  a.map((each, i) => [each, b[i] ?? Number.NaN]);

// The last three by scipy.stats.kendalltau.
test.each<[string, number[], number[], number]>([
  ['the same order', [1, 2, 3, 4], [10, 20, 30, 40], 1],
  ['the opposite', [1, 2, 3, 4], [4, 3, 2, 1], -1],
  ['one that is the same for all', [1, 2, 3], [5, 5, 5], 0],
  ['ties in both', [12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.47140452079103173],
  ['ties in one', [1, 2, 2, 3, 4], [1, 3, 2, 5, 4], 0.7378647873726218],
  ['two that changed places', [1, 2, 3, 4, 5], [1, 3, 2, 4, 5], 0.8],
])('of %s', (_, a, b, tau) => {
  expect(kendallTau(zipped(a, b))).toBeCloseTo(tau, 12);
});

test('does not depend on sizes, on the order of pairs, or on which score comes first', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ max: 9, min: 0 }), fc.integer({ max: 9, min: 0 })));
  fc.assert(
    fc.property(pairs, (all) => {
      const tau = kendallTau(all);
      expect(kendallTau(all.map(([a, b]) => [a ** 3, 2 * b - 5]))).toBeCloseTo(tau, 12);
      expect(kendallTau(all.toReversed().map(([a, b]) => [b, a]))).toBeCloseTo(tau, 12);
    }),
  );
});

test('its interval holds it, and draws pairs whole', () => {
  const all = zipped([1, 2, 3, 4, 5, 6, 7], [1, 3, 2, 4, 7, 5, 6]);
  const seen = new Set<string>();
  const tau = (pairs: readonly Pair[]) => {
    for (const pair of pairs) seen.add(pair.join());
    return kendallTau(pairs);
  };
  const { low, high } = bootstrapIntervalOf(tau, all, Random.fromSeed(1)) ?? { low: 1, high: -1 };
  expect(low).toBeLessThan(kendallTau(all));
  expect(high).toBeGreaterThan(kendallTau(all));
  expect([...seen].toSorted()).toEqual(all.map((pair) => pair.join()).toSorted());
});
