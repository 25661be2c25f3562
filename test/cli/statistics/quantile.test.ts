// Quantiles and proportions against published values and what must hold of any sample.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, quantile, wilsonInterval } from '../../../cli/statistics/index.ts';

test.each([
  [[1, 2, 3, 4], 0.25, 1.75],
  [[4, 3, 2, 1], 0.5, 2.5],
  [[10, 0], 0.9, 9],
  [[7], 0.3, 7],
])('of %j the share %d lies below %d, as R has it by default', (values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected, 12);
});

test('the median of nothing is no number', () => {
  expect(median([])).toBeNaN();
});

test('quantiles rise with the share, from the least value to the largest', () => {
  const shares = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), shares, (values, [a, b]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(quantile(values, low)).toBeLessThanOrEqual(quantile(values, high) + 1e-6);
      expect(quantile(values, 0)).toBe(Math.min(...values));
      expect(quantile(values, 1)).toBe(Math.max(...values));
    }),
  );
});

// statsmodels.stats.proportion.proportion_confint(hits, count, method='wilson')
test.each([
  [50, 100, 0.4038315, 0.5961685],
  [100, 100, 0.9630065, 1],
  [0, 10, 0, 0.2775328],
])('%d of %d is a proportion of %d to %d', (hits, count, low, high) => {
  const interval = wilsonInterval(hits, count);
  expect(interval?.low).toBeCloseTo(low, 5);
  expect(interval?.high).toBeCloseTo(high, 5);
});

test('none of none is no proportion', () => {
  expect(wilsonInterval(0, 0)).toBeUndefined();
});
