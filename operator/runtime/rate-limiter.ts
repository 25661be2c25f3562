// How long a key waits before it is tried again: exponential backoff a key, a token bucket a group, and the larger of several.
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

interface Bucket {
  readonly tokens: number;
  /** Monotonic ms when it held so many. */
  readonly at: number;
}

/**
 * All keys of a group together: `burst` at once, then `perSecond`. A try reserves its token, so later tries queue behind
 * it: with one bucket for all (the default) a group that fails without end would hold up the few tries of another.
 */
export function tokenBucket(
  clock: Clock,
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  groupOf: (key: string) => string = () => '',
): RateLimiter {
  /** The least recently used first. One that is full again is as good as none. */
  const buckets = new Map<string, Bucket>();
  const tokensAt = (now: number, { tokens, at }: Bucket): number =>
    Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
  const dropFull = (now: number): void => {
    for (const [group, bucket] of buckets) {
      if (tokensAt(now, bucket) < burst) return;
      buckets.delete(group);
    }
  };
  return {
    when(key) {
      const now = clock.monotonic();
      const group = groupOf(key);
      const tokens = tokensAt(now, buckets.get(group) ?? { tokens: burst, at: now }) - 1;
      buckets.delete(group);
      buckets.set(group, { tokens, at: now });
      dropFull(now);
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

/** 50 ms doubling to 5 minutes a key; 10 a second after a burst of 100 a group, of which there is one by default. */
export function defaultRateLimiter(clock: Clock, groupOf?: (key: string) => string): RateLimiter {
  return longestOf(
    exponentialBackoff({ initialMs: 50, maxMs: 300_000 }),
    tokenBucket(clock, { perSecond: 10, burst: 100 }, groupOf),
  );
}
