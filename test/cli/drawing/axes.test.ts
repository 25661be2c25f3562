// Axes: round numbers that cover what is drawn.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeAxis, shortNumber, valueAxis } from '../../../cli/drawing/axes.ts';

const words = { title: '', text: String };
const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('a value axis covers its values with a handful of ticks', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), (values) => {
      const { from, to, ticks } = valueAxis(values, words);
      expect(to).toBeGreaterThan(from);
      const rounding = 1e-9 * Math.max(1, ...values.map(Math.abs));
      expect(from).toBeLessThanOrEqual(Math.min(...values) + rounding);
      expect(to).toBeGreaterThanOrEqual(Math.max(...values) - rounding);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }),
  );
});

test.each([
  [
    [0.676, 0.785],
    [0.675, 0.7, 0.725, 0.75, 0.775, 0.8],
  ],
  [[0.5], [0.5, 0.6, 0.7, 0.8, 0.9, 1].slice(0, 2)],
])('values %j have the ticks %j', (values, expected) => {
  const { ticks } = valueAxis(values, words);
  expect(ticks.map((tick) => Math.round(tick * 1e9) / 1e9)).toEqual(expected);
});

test.each([
  [1, 3, [1, 2, 3]],
  [1, 16, [1, 2, 4, 6, 8, 10, 12, 14, 16]],
  [1, 1, [1]],
  [1, 50_000, [1, 10_000, 20_000, 30_000, 40_000, 50_000]],
])('places %d to %d have the ticks %j', (first, last, expected) => {
  expect(placeAxis(first, last, '').ticks).toEqual(expected);
});

test.each([
  ['77.50 %', '77.5 %'],
  ['70.00 %', '70 %'],
  ['1.000', '1'],
  ['100', '100'],
  ['1.05 k', '1.05 k'],
])('%s is shortened to %s', (text, short) => {
  expect(shortNumber(text)).toBe(short);
});
