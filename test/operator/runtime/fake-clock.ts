// A clock that tests turn by hand. Sleepers wake in the order of their due times.
import type { Clock } from '../../../operator/runtime/index.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Lets everything that can go on without time passing do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

export class FakeClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #ms: number;
  /** How far the wall clock was set. */
  #setMs = 0;

  constructor(start = Date.UTC(2030, 0, 1)) {
    this.#ms = start;
  }

  /** How many wait for time to pass. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#ms + this.#setMs;
  }

  monotonic(): number {
    return this.#ms;
  }

  /** Sets the wall clock forward, or back; no time passes. */
  step(ms: number): void {
    this.#setMs += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { due: this.#ms + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason);
      });
    });
  }

  /** Passes `ms`, stopping at each sleeper that is due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await settle();
    for (;;) {
      const [next] = [...this.#sleepers].sort((a, b) => a.due - b.due);
      if (next === undefined || next.due > end) break;
      this.#ms = Math.max(this.#ms, next.due);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#ms = end;
    await settle();
  }
}
