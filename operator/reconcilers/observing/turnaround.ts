// From the arrival of the report that ended a trial to the Trial that takes its place: what an idle device costs. Noted where
// reports come in, measured where Trials are made.
import type { Clock, Metrics } from '../../runtime/index.ts';

/** Ends that wait for their search to look; the oldest is forgotten first. */
const NOTED = 10_000;

export class Turnaround {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  /** By UID of the trial, monotonic ms. */
  readonly #arrived = new Map<string, number>();

  constructor({ clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics }) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** A result or failure of this trial has come. The last one before its end counts. */
  arrived(trial: string): void {
    this.#arrived.delete(trial);
    this.#arrived.set(trial, this.#clock.monotonic());
    const [oldest] = this.#arrived.keys();
    if (this.#arrived.size > NOTED && oldest !== undefined) this.#arrived.delete(oldest);
  }

  /** These trials have ended, and so many new ones stand in their places; places that stay free are not waited for. */
  filled(ended: readonly string[], created: number): void {
    const now = this.#clock.monotonic();
    for (const [place, trial] of ended.entries()) {
      const since = this.#arrived.get(trial);
      this.#arrived.delete(trial);
      if (since === undefined || place >= created) continue;
      this.#metrics.observe('result_to_next_trial_seconds', (now - since) / 1000);
    }
  }
}
