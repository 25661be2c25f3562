// What running trials say of themselves, as of now: progress by the trial's UID. Lossy by design; objects hold the outcome.
import type { EpochMetrics, Progress, Report } from '../../crds/index.ts';

export interface LiveTrial {
  readonly progress?: Progress;
  readonly epochs: readonly EpochMetrics[];
}

const NOTHING: LiveTrial = { epochs: [] };

export class LiveTrials {
  readonly #trials = new Map<string, LiveTrial>();

  get(uid: string): LiveTrial {
    return this.#trials.get(uid) ?? NOTHING;
  }

  take({ trial, body }: Report): void {
    const known = this.get(trial);
    if (body.kind === 'progress') this.#trials.set(trial, { ...known, progress: body.progress });
    if (body.kind === 'epoch')
      this.#trials.set(trial, {
        progress: body.progress,
        epochs: [...known.epochs.filter(({ epoch }) => epoch !== body.metrics.epoch), body.metrics],
      });
    if (body.kind === 'result') this.#trials.delete(trial);
  }
}
