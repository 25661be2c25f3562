// Rate limiters: backoff of one key, budget of all keys, and both together.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  backoffMs,
  exponentialBackoff,
  longestOf,
  tokenBucket,
} from '../../../operator/runtime/index.ts';
import { FakeClock } from './fake-clock.ts';

test('backoff doubles a key up to its cap and leaves other keys alone', () => {
  const limiter = exponentialBackoff({ initialMs: 10, maxMs: 60 });
  expect([1, 2, 3, 4, 5].map(() => limiter.when('a'))).toEqual([10, 20, 40, 60, 60]);
  expect(limiter.when('b')).toBe(10);
  limiter.forget('a');
  expect(limiter.when('a')).toBe(10);
});

test('backoff rises and stays finite, however often a key has failed', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 1000 }), (failures, initialMs) => {
      const backoff = { initialMs, maxMs: 300_000 };
      expect(backoffMs(backoff, failures + 1)).toBeGreaterThanOrEqual(backoffMs(backoff, failures));
      expect(backoffMs(backoff, failures)).toBeLessThanOrEqual(300_000);
    }),
  );
});

test('a bucket lets its burst through, then one after the other, and refills to no more than the burst', async () => {
  const clock = new FakeClock();
  const limiter = tokenBucket(clock, { perSecond: 10, burst: 2 });
  const take = (n: number) => Array.from({ length: n }, () => Math.round(limiter.when('any')));
  expect(take(4)).toEqual([0, 0, 100, 200]);
  await clock.advance(60_000);
  expect(take(4)).toEqual([0, 0, 100, 200]);
});

test('of several limiters the longest wait holds, and each counts', () => {
  const slow = exponentialBackoff({ initialMs: 100, maxMs: 100 });
  const growing = exponentialBackoff({ initialMs: 30, maxMs: 1000 });
  const limiter = longestOf(slow, growing);
  expect([1, 2, 3].map(() => limiter.when('a'))).toEqual([100, 100, 120]);
  limiter.forget('a');
  expect(growing.when('a')).toBe(30);
});
