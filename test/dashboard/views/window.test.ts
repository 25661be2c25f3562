// The rows of a long list that exist, and where keys lead.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowAfter, windowOf } from '../../../dashboard/views/search/trials/window.ts';

test('whatever is in sight exists, and few others do', () => {
  const amounts = fc.tuple(fc.nat(400_000), fc.integer({ min: 1, max: 2000 }), fc.nat(10_000));
  fc.assert(
    fc.property(amounts, ([top, height, count]) => {
      const { first, end } = windowOf(top, height, 32, count);
      expect(first).toBeLessThanOrEqual(end);
      const seen = [Math.floor(top / 32), Math.ceil((top + height) / 32) - 1].filter(
        (k) => k < count,
      );
      for (const k of seen) expect(k >= first && k < end).toBe(true);
      expect(end - first).toBeLessThan(height / 32 + 20);
    }),
  );
});

test.each([
  ['ArrowDown', 3, 4],
  ['ArrowUp', 0, 0],
  ['PageDown', 3, 9],
  ['PageUp', 3, 0],
  ['Home', 7, 0],
  ['End', 3, 9],
  ['a', 3, undefined],
])('%s from row %i of 10 leads to %s', (key, from, want) => {
  expect(rowAfter(key, from, 10, 8)).toBe(want);
});
