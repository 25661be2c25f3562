// What a watcher sees of a search at one moment: plain data, drawn by the views.
import type { BioNASSearch, Progress, RankedTrial, Trial } from '../../crds/index.ts';
import { isFinished, isTrue } from '../../operator/reconcilers/index.ts';
import type { LiveTrials } from './live-trials.ts';

export interface RunningTrial {
  readonly name: string;
  readonly index: number;
  readonly purpose: 'Search' | 'Final';
  readonly genotype: string;
  readonly state: 'waiting' | 'running';
  readonly attempt: number;
  readonly progress?: Progress;
  /** Seconds since its first Pod ran. */
  readonly seconds: number;
}

export interface Snapshot {
  readonly search: string;
  readonly phase: string;
  readonly message: string;
  readonly trials: { proposed: number; succeeded: number; failed: number; budget: number };
  readonly running: readonly RunningTrial[];
  readonly best: readonly RankedTrial[];
  readonly final: readonly RankedTrial[];
  readonly elapsedSeconds: number;
  readonly deviceSeconds: number;
  readonly remainingSeconds?: number;
}

export interface SnapshotInput {
  readonly search: BioNASSearch;
  readonly trials: readonly Trial[];
  readonly live: LiveTrials;
  readonly now: number;
}

export function snapshot({ search, trials, live, now }: SnapshotInput): Snapshot {
  const { metadata, spec, status } = search;
  const running = trials
    .filter((trial) => !isFinished(trial.status))
    .toSorted((a, b) => a.spec.index - b.spec.index)
    .map((trial) => runningTrial(trial, live, now));
  const { proposed = 0, succeeded = 0, failed = 0 } = status?.trials ?? {};
  const remaining = remainingSeconds(search, running);
  return {
    search: metadata.name,
    phase: status?.phase ?? 'Pending',
    message: status?.conditions.find(({ type }) => type === 'Ready')?.message ?? '',
    trials: { proposed, succeeded, failed, budget: spec.budget.trials },
    running,
    best: status?.best ?? [],
    final: status?.final ?? [],
    elapsedSeconds: status?.startTime === undefined ? 0 : secondsBetween(status.startTime, now),
    deviceSeconds: status?.deviceSeconds ?? 0,
    ...(remaining === undefined ? {} : { remainingSeconds: remaining }),
  };
}

const secondsBetween = (from: string, to: number): number =>
  Math.max(0, (to - Date.parse(from)) / 1000);

function runningTrial(
  { metadata, spec, status }: Trial,
  live: LiveTrials,
  now: number,
): RunningTrial {
  const { progress } = live.get(metadata.uid ?? '');
  return {
    name: metadata.name,
    index: spec.index,
    purpose: spec.purpose,
    genotype: spec.genotype,
    state: isTrue(status?.conditions, 'Running') ? 'running' : 'waiting',
    attempt: status?.attempt ?? 0,
    ...(progress === undefined ? {} : { progress }),
    seconds: status?.startTime === undefined ? 0 : secondsBetween(status.startTime, now),
  };
}

/** Share of a trial's training that is done. */
export function doneShare(progress: Progress | undefined): number {
  if (progress === undefined) return 0;
  const { epoch, epochs, step, steps } = progress;
  return Math.min(1, (epoch + step / steps) / epochs);
}

/** From the mean cost of finished search trials; of the final stage, once it runs, from its own progress. */
function remainingSeconds(
  { spec, status }: BioNASSearch,
  running: readonly RunningTrial[],
): number | undefined {
  const final = running.filter(({ purpose }) => purpose === 'Final');
  if (final.length > 0) {
    const left = final.map(({ seconds, progress }) => {
      const done = doneShare(progress);
      return done > 0.02 ? (seconds * (1 - done)) / done : undefined;
    });
    return left.includes(undefined) ? undefined : Math.max(...(left as number[]));
  }
  const { succeeded = 0, failed = 0 } = status?.trials ?? {};
  const finished = succeeded + failed;
  if (finished === 0 || status === undefined) return undefined;
  const each = status.deviceSeconds / finished;
  const started = running.reduce((sum, { progress }) => sum + doneShare(progress), 0);
  return (Math.max(0, spec.budget.trials - finished - started) * each) / spec.parallelism;
}
