// Time as an argument: everything that waits or stamps takes a Clock, so tests can turn it by hand.

export interface Clock {
  /** Wall time, ms since 1970. For timestamps; may jump. */
  now(): number;
  /** Ms from an arbitrary start, never falling. For durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason once that aborts, leaving no timer behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
