// The share of a loop's time that passes in waiting for its items.
import { expect, test } from 'vitest';
import { timed } from '../../../trainer/training/waiting.ts';

test.each([
  ['items that are there', 0, 10, 0],
  ['items that take as long as the work', 10, 10, 0.5],
  ['items that take three times as long', 30, 10, 0.75],
])('%s', async (_, making, working, expected) => {
  let now = 0;
  async function* made() {
    for (const item of ['a', 'b', 'c', 'd']) {
      now += making;
      yield item;
    }
  }
  const { items, share } = timed(made(), { now: () => now });
  expect(share()).toBe(0);
  const seen: string[] = [];
  for await (const item of items) {
    seen.push(item);
    now += working;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  expect(share()).toBeCloseTo(expected, 9);
});
