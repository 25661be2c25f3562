// Few numbers, honestly: intervals are where the values are, the same every time, and wide enough.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootstrapInterval,
  MOST_VALUES,
  mean,
  standardDeviation,
} from '../../../cli/statistics/index.ts';
import { Random } from '../../../operator/search/index.ts';

const interval = (values: readonly number[], seed = 1) => {
  const found = bootstrapInterval(values, Random.fromSeed(seed));
  if (found === undefined) throw new Error('expected an interval');
  return found;
};
const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 2,
  maxLength: MOST_VALUES,
});

test('moments of a sample', () => {
  expect(mean([1, 2, 3, 6])).toBe(3);
  expect(standardDeviation([1, 2, 3, 6])).toBeCloseTo(Math.sqrt(14 / 3), 12);
  expect(standardDeviation([4])).toBeUndefined();
});

test('an interval holds the mean and lies within the values; again it is the same', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const { low, high } = interval(values);
      const rounding = 1e-12;
      expect(low).toBeLessThanOrEqual(mean(values) + rounding);
      expect(high).toBeGreaterThanOrEqual(mean(values) - rounding);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - rounding);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + rounding);
      expect(interval(values)).toEqual({ low, high });
    }),
    { numRuns: 30 },
  );
});

test('it moves and grows with the values', () => {
  const values = [0.1, 0.3, 0.2, 0.7, 0.4];
  const { low, high } = interval(values);
  const moved = interval(values.map((value) => 10 * value + 1));
  expect(moved.low).toBeCloseTo(10 * low + 1, 10);
  expect(moved.high).toBeCloseTo(10 * high + 1, 10);
});

test('one value has none, and more than the table knows are refused', () => {
  expect(bootstrapInterval([0.5], Random.fromSeed(1))).toBeUndefined();
  expect(bootstrapInterval([], Random.fromSeed(1))).toBeUndefined();
  const many = Array.from({ length: MOST_VALUES + 1 }, () => 0);
  expect(() => bootstrapInterval(many, Random.fromSeed(1))).toThrow(RangeError);
});

test.each([
  [5, 0.88],
  [10, 0.91],
])('of %i normal values it holds their mean about as often as it says', (count, least) => {
  const random = Random.fromSeed(5);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const worlds = Array.from({ length: 200 }, (_, k) =>
    interval(Array.from({ length: count }, normal), k),
  );
  const held = worlds.filter(({ low, high }) => low <= 0 && 0 <= high).length;
  expect(held / worlds.length).toBeGreaterThan(least);
});
