// Epochs of a cluster's trials as they go by on NATS, from when somebody listens: of the trials that were heard of last.
import { type EpochMetrics, Report } from '../../crds/index.ts';

/** More do not run at once where people look at curves. */
const TRIALS = 2_000;

export class HeardEpochs {
  readonly #trials = new Map<string, readonly EpochMetrics[]>();

  /** Of the trial with that UID. */
  of(trial: string): readonly EpochMetrics[] {
    return this.#trials.get(trial) ?? [];
  }

  /** What is no report of an epoch is passed over. */
  take(said: unknown): void {
    const { data } = Report.safeParse(said);
    if (data?.body.kind !== 'epoch') return;
    const { metrics } = data.body;
    const others = this.of(data.trial).filter(({ epoch }) => epoch !== metrics.epoch);
    this.#trials.delete(data.trial);
    this.#trials.set(data.trial, [...others, metrics]);
    for (const trial of this.#trials.keys()) {
      if (this.#trials.size <= TRIALS) return;
      this.#trials.delete(trial);
    }
  }
}
