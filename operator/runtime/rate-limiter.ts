// How long a key waits before it is tried again: per-key exponential backoff, an overall token bucket, and the larger of several.
import type { Clock } from './clock.ts';

export interface RateLimiter {
  /** Counts one more try of `key` and returns how many ms it must wait. */
  when(key: string): number;
  /** The key did well: its next failure is a first one again. */
  forget(key: string): void;
}

export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** initialMs * 2^failures, at most maxMs; `failures` counts from 0. */
export function backoffMs({ initialMs, maxMs }: Backoff, failures: number): number {
  return Math.min(maxMs, initialMs * 2 ** Math.min(failures, 52));
}

export function exponentialBackoff(backoff: Backoff): RateLimiter {
  const failures = new Map<string, number>();
  return {
    when(key) {
      const before = failures.get(key) ?? 0;
      failures.set(key, before + 1);
      return backoffMs(backoff, before);
    },
    forget: (key) => void failures.delete(key),
  };
}

/** All keys together: `burst` at once, then `perSecond`. A try reserves its token, so later tries queue behind it. */
export function tokenBucket(
  clock: Clock,
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
): RateLimiter {
  let tokens = burst;
  let last = clock.monotonic();
  return {
    when() {
      const now = clock.monotonic();
      tokens = Math.min(burst, tokens + ((now - last) / 1000) * perSecond) - 1;
      last = now;
      return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
    },
    forget() {},
  };
}

/** Every limiter counts the try; the longest wait holds. */
export function longestOf(...limiters: readonly RateLimiter[]): RateLimiter {
  return {
    when: (key) => Math.max(...limiters.map((limiter) => limiter.when(key))),
    forget(key) {
      for (const limiter of limiters) limiter.forget(key);
    },
  };
}

/** 50 ms doubling to 5 minutes a key; 10 a second after a burst of 100 overall. */
export function defaultRateLimiter(clock: Clock): RateLimiter {
  return longestOf(
    exponentialBackoff({ initialMs: 50, maxMs: 300_000 }),
    tokenBucket(clock, { perSecond: 10, burst: 100 }),
  );
}
