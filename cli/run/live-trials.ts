// What trials that have not ended say of themselves, as of now: progress and epochs by the trial's UID. Lossy by design; objects hold the
// outcome.
import type { EpochMetrics, Progress, Report } from '../../crds/index.ts';
import type { LiveEpochs } from '../run-directory/index.ts';

export interface LiveTrial {
  readonly progress?: Progress;
  readonly epochs: readonly EpochMetrics[];
}

const NOTHING: LiveTrial = { epochs: [] };

export class LiveTrials {
  readonly #trials: Map<string, LiveTrial>;
  #hasNews = false;

  /** Goes on from what an earlier run was told. */
  constructor(known: LiveEpochs = new Map()) {
    this.#trials = new Map([...known].map(([trial, epochs]) => [trial, { epochs }]));
  }

  get(uid: string): LiveTrial {
    return this.#trials.get(uid) ?? NOTHING;
  }

  take({ trial, body }: Report): void {
    const { epochs } = this.get(trial);
    switch (body.kind) {
      case 'progress':
        this.#trials.set(trial, { progress: body.progress, epochs });
        break;
      case 'epoch':
        this.#trials.set(trial, {
          progress: body.progress,
          epochs: [...epochs.filter(({ epoch }) => epoch !== body.metrics.epoch), body.metrics],
        });
        this.#hasNews = true;
        break;
      // It may be a pause at a rung: what it has learned until there is kept.
      case 'result':
        this.#trials.set(trial, { epochs });
    }
  }

  /** Forgets all but these, and gives their epochs where any is new since the last time. */
  news(unfinished: ReadonlySet<string>): LiveEpochs | undefined {
    for (const uid of this.#trials.keys()) if (!unfinished.has(uid)) this.#trials.delete(uid);
    if (!this.#hasNews) return undefined;
    this.#hasNews = false;
    return new Map([...this.#trials].map(([uid, { epochs }]) => [uid, epochs]));
  }
}
