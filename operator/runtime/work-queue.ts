// Keys that need work, one entry a key, after client-go's workqueue: `dirty` needs work, `processing` is with a worker.
// A key added while it is processed waits until `done`, so no two workers hold it, and no add is lost.
import type { Clock } from './clock.ts';
import { type Metrics, noMetrics } from './observability.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { firstInFirstOut, type ReadyKeys } from './ready-keys.ts';

export interface WorkQueueOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly metrics?: Metrics | undefined;
  readonly ready?: ReadyKeys | undefined;
}

interface Delayed {
  /** Monotonic ms. */
  readonly due: number;
  readonly timer: AbortController;
}

export class WorkQueue {
  readonly #clock: Clock;
  readonly #rateLimiter: RateLimiter;
  readonly #metrics: Metrics;
  readonly #labels: { readonly queue: string };
  readonly #ready: ReadyKeys;
  /** With the monotonic ms since when each needs work. */
  readonly #dirty = new Map<string, number>();
  readonly #processing = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #idleWorkers: ((key: string | undefined) => void)[] = [];
  readonly #drained = Promise.withResolvers<void>();
  #shuttingDown = false;

  constructor({ name, clock, rateLimiter, metrics, ready }: WorkQueueOptions) {
    this.#clock = clock;
    this.#rateLimiter = rateLimiter;
    this.#metrics = metrics ?? noMetrics;
    this.#labels = { queue: name };
    this.#ready = ready ?? firstInFirstOut();
  }

  /** Keys ready for a worker; delayed ones and those in work are not counted. */
  get size(): number {
    return this.#ready.size;
  }

  /** Keys that are with a worker. */
  get processing(): readonly string[] {
    return [...this.#processing];
  }

  /** The key needs work now. Ignored after shutDown. */
  add(key: string): void {
    if (this.#shuttingDown || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#clock.monotonic());
    this.#metrics.count('workqueue_adds_total', this.#labels);
    if (!this.#processing.has(key)) this.#makeReady(key);
  }

  /** The key needs work in `ms`. Of several delays the earliest holds; an `add` in between does not cancel it. */
  addAfter(key: string, ms: number): void {
    if (this.#shuttingDown) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const due = this.#clock.monotonic() + ms;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.due <= due) return;
    earlier?.timer.abort();
    const timer = new AbortController();
    this.#delayed.set(key, { due, timer });
    this.#clock.sleep(ms, timer.signal).then(
      () => {
        this.#delayed.delete(key);
        this.add(key);
      },
      () => {},
    );
  }

  /** The key failed: it comes back when the rate limiter lets it. */
  addRateLimited(key: string): void {
    this.#metrics.count('workqueue_retries_total', this.#labels);
    this.addAfter(key, this.#rateLimiter.when(key));
  }

  /** The key did well: its backoff starts anew. */
  forget(key: string): void {
    this.#rateLimiter.forget(key);
  }

  /** The next key, which the caller must give back by `done`; undefined once the queue is shut down and empty. */
  get(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#idleWorkers.push(resolve);
      this.#dispatch();
    });
  }

  /** Ends the work on a key. If it was added meanwhile, it is ready again. */
  done(key: string): void {
    if (!this.#processing.delete(key)) return;
    this.#ready.done(key);
    if (this.#dirty.has(key)) this.#makeReady(key);
    this.#dispatch();
  }

  /**
   * Takes no more keys and resolves when none is left: ready keys are still handed out, delayed ones dropped.
   * With `discard` ready keys are dropped too (the next start lists everything again), and only work in hand is awaited.
   */
  shutDown({ discard = false }: { readonly discard?: boolean } = {}): Promise<void> {
    this.#shuttingDown = true;
    for (const { timer } of this.#delayed.values()) timer.abort();
    this.#delayed.clear();
    if (discard) {
      this.#ready.clear();
      this.#dirty.clear();
    }
    this.#dispatch();
    return this.#drained.promise;
  }

  #makeReady(key: string): void {
    this.#ready.push(key);
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#idleWorkers.length > 0) {
      const key = this.#ready.shift();
      if (key === undefined) break;
      this.#handOut(key);
    }
    this.#metrics.gauge('workqueue_depth', this.#ready.size, this.#labels);
    if (!this.#shuttingDown || this.#ready.size > 0) return;
    // A key in work may be dirty and come back, so workers are sent home only when nothing is in work.
    if (this.#processing.size > 0) return;
    for (const resolve of this.#idleWorkers.splice(0)) resolve(undefined);
    this.#drained.resolve();
  }
  #handOut(key: string): void {
    const now = this.#clock.monotonic();
    const waited = (now - (this.#dirty.get(key) ?? now)) / 1000;
    this.#metrics.observe('workqueue_wait_seconds', waited, this.#labels);
    this.#dirty.delete(key);
    this.#processing.add(key);
    this.#idleWorkers.shift()?.(key);
  }
}
