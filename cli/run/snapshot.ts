// What a watcher sees of a search at one moment: plain data, drawn by the views.
import type {
  BioNASSearch,
  Objective,
  Progress,
  RankedTrial,
  RungSummary,
  Trial,
} from '../../crds/index.ts';
import { isTrue, takesPlace } from '../../operator/reconcilers/index.ts';
import { remainingSeconds } from '../status/index.ts';
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
  /** What is searched, in a few words. */
  readonly about: string;
  readonly phase: string;
  readonly message: string;
  readonly objectives: readonly Objective[];
  readonly trials: {
    proposed: number;
    succeeded: number;
    /** Of the succeeded, those outside of the constraints. */
    infeasible: number;
    failed: number;
    /** At a rung, without a trainer. */
    paused: number;
    budget: number;
  };
  readonly running: readonly RunningTrial[];
  readonly best: readonly RankedTrial[];
  readonly final: readonly RankedTrial[];
  /** Empty where no scheduler pauses trials. */
  readonly rungs: readonly RungSummary[];
  readonly elapsedSeconds: number;
  readonly deviceSeconds: number;
  /** Where the budget bounds device time. */
  readonly deviceBudget?: { readonly seconds: number; readonly reserved: number };
  readonly remainingSeconds?: number;
}

export interface SnapshotInput {
  readonly search: BioNASSearch;
  readonly trials: readonly Trial[];
  readonly live: LiveTrials;
  /** Trials at once. */
  readonly slots: number;
  readonly now: number;
}

export function snapshot({ search, trials, live, slots, now }: SnapshotInput): Snapshot {
  const { metadata, spec, status } = search;
  const {
    proposed = 0,
    succeeded = 0,
    infeasible = 0,
    failed = 0,
    paused = 0,
  } = status?.trials ?? {};
  const ended = status?.completionTime;
  const until = ended === undefined ? now : Date.parse(ended);
  const elapsedSeconds =
    status?.startTime === undefined ? 0 : secondsSince(status.startTime, until);
  const progressOf = (trial: Trial) => live.get(trial.metadata.uid ?? '').progress;
  const remaining =
    ended === undefined
      ? remainingSeconds({ search, trials, progressOf, slots, elapsedSeconds })
      : undefined;
  return {
    search: metadata.name,
    about: about(search),
    phase: status?.phase ?? 'Pending',
    message: status?.conditions.find(({ type }) => type === 'Ready')?.message ?? '',
    objectives: spec.objectives,
    trials: { proposed, succeeded, infeasible, failed, paused, budget: spec.budget.trials },
    running: trials
      .filter(takesPlace)
      .toSorted((a, b) => a.spec.index - b.spec.index)
      .map((trial) => runningTrial(trial, progressOf(trial), now)),
    best: status?.best ?? [],
    final: status?.final ?? [],
    rungs: status?.rungs ?? [],
    elapsedSeconds,
    deviceSeconds: status?.deviceSeconds ?? 0,
    ...deviceBudget(search),
    ...(remaining === undefined ? {} : { remainingSeconds: remaining }),
  };
}

function deviceBudget({ spec, status }: BioNASSearch): Pick<Snapshot, 'deviceBudget'> {
  const { gpuHours } = spec.budget;
  if (gpuHours === undefined) return {};
  const reserved = status?.reservedDeviceSeconds ?? 0;
  return { deviceBudget: { seconds: gpuHours * 3600, reserved } };
}

const about = ({ spec: { algorithm, scheduling, searchSpace, dataset } }: BioNASSearch): string =>
  `${algorithm.name}${scheduling.name === 'none' ? '' : ` with ${scheduling.name}`} over ${searchSpace.network ?? searchSpace.kind} on ${dataset.name}`;

const secondsSince = (from: string, to: number): number =>
  Math.max(0, (to - Date.parse(from)) / 1000);

function runningTrial(
  { metadata, spec, status }: Trial,
  progress: Progress | undefined,
  now: number,
): RunningTrial {
  return {
    name: metadata.name,
    index: spec.index,
    purpose: spec.purpose,
    genotype: spec.genotype,
    state: isTrue(status?.conditions, 'Running') ? 'running' : 'waiting',
    attempt: status?.attempt ?? 0,
    ...(progress === undefined ? {} : { progress }),
    seconds: status?.startTime === undefined ? 0 : secondsSince(status.startTime, now),
  };
}
