// Notices that the wall clock was set while this process ran, or that the machine slept: it then moved without the monotonic clock.
import type { Clock } from './clock.ts';

/** Slewing between two readings stays below this. */
const TOLERANCE_MS = 5_000;

export class ClockSteps {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Wall time of the monotonic clock's start. */
  #originMs: number;
  #evenSinceMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
    this.#originMs = clock.now() - clock.monotonic();
  }

  /** Ms since 1970 of the last step: how long ago an earlier time was cannot be told. -Infinity where there was none. */
  evenSince(): number {
    const nowMs = this.#clock.now();
    const originMs = nowMs - this.#clock.monotonic();
    if (Math.abs(originMs - this.#originMs) > TOLERANCE_MS) this.#evenSinceMs = nowMs;
    this.#originMs = originMs;
    return this.#evenSinceMs;
  }

  /** A time that this process noted, no earlier than the last step. One of the future is of the clock before it. */
  afterStep(notedMs: number): number {
    const evenSinceMs = this.evenSince();
    return notedMs > this.#clock.now() ? evenSinceMs : Math.max(notedMs, evenSinceMs);
  }
}
