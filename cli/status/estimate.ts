// How long a search will yet take: from what its finished trials took, and from how fast the running ones train.
import {
  type BioNASSearch,
  type BioNASSearchSpec,
  durationMs,
  finalPicturesRatio,
  finalTrialCount,
  type Progress,
  type Trial,
} from '../../crds/index.ts';
import { isFinished } from '../../operator/reconcilers/index.ts';

export interface EstimateInput {
  readonly search: BioNASSearch;
  readonly trials: readonly Trial[];
  readonly progressOf: (trial: Trial) => Progress | undefined;
  /** Trials at once. */
  readonly slots: number;
  readonly elapsedSeconds: number;
}

/** Share of a trial's training that is done. */
export function doneShare(progress: Progress | undefined): number {
  if (progress === undefined) return 0;
  const { epoch, epochs, step, steps } = progress;
  return Math.min(1, (epoch + step / steps) / epochs);
}

/** Seconds; undefined while nothing is known to tell it from. */
export function remainingSeconds(input: EstimateInput): number | undefined {
  const final = input.trials.filter(({ spec }) => spec.purpose === 'Final');
  return final.length > 0 ? finalSeconds(final, input) : searchSeconds(input);
}

function finalSeconds(
  final: readonly Trial[],
  { search, progressOf, slots }: EstimateInput,
): number | undefined {
  const open = final.filter(({ status }) => !isFinished(status));
  const known = open.flatMap((trial) => trainingLeft(trial, progressOf(trial)) ?? []);
  const each = wholeTraining(final, progressOf);
  const unborn = Math.max(0, stageSize(search) - final.length);
  if (open.length + unborn === 0) return 0;
  if (each === undefined) return undefined;
  const sum = known.reduce((seconds, trial) => seconds + trial, 0);
  const begun = known.length === 0 ? open.length * each : (sum * open.length) / known.length;
  return Math.max(...known, (begun + unborn * each) / slots);
}

/** Trials of the final stage, those among them that are not begun yet. */
function stageSize({ spec, status }: BioNASSearch): number {
  const topK = Math.min(spec.final.topK, status?.best.length ?? 0);
  return finalTrialCount({ ...spec.final, topK });
}

/** Mean length of a final training [s]: of those that have ended, else of those that run. */
function wholeTraining(
  final: readonly Trial[],
  progressOf: EstimateInput['progressOf'],
): number | undefined {
  const ended = final.flatMap(({ status }) =>
    isFinished(status) && status !== undefined ? status.deviceSeconds : [],
  );
  const running = final.flatMap((trial) => {
    const progress = progressOf(trial);
    const left = trainingLeft(trial, progress);
    return left === undefined || doneShare(progress) >= 1 ? [] : left / (1 - doneShare(progress));
  });
  const lengths = ended.length > 0 ? ended : running;
  if (lengths.length === 0) return undefined;
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

function trainingLeft({ spec }: Trial, progress: Progress | undefined): number | undefined {
  const rate = progress?.picturesPerSecond ?? 0;
  if (progress === undefined || rate <= 0) return undefined;
  const pictures = progress.epochs * progress.steps * spec.training.batchSize;
  return (pictures * (1 - doneShare(progress))) / rate;
}

function searchSeconds(input: EstimateInput): number | undefined {
  const { search, trials, progressOf, slots } = input;
  const { spec, status } = search;
  const finished = trials.filter((trial) => isFinished(trial.status));
  // How far each will yet be sent is not known.
  if (finished.length === 0 || status === undefined || status.rungs !== undefined) return undefined;
  const took = finished.reduce((sum, trial) => sum + (trial.status?.deviceSeconds ?? 0), 0);
  const each = took / finished.length;
  const { succeeded, failed } = status.trials;
  const started = trials.reduce((sum, trial) => sum + doneShare(progressOf(trial)), 0);
  const open = Math.max(0, spec.budget.trials - succeeded - failed - started);
  const stage = Math.min((open * each) / slots, ...limits(input));
  // What a supernet took says nothing of the networks that are derived.
  if (trials.some((trial) => trial.spec.kind === 'Supernet')) return stage;
  return stage + (finalRatio(spec) * finalTrialCount(spec.final) * each) / slots;
}

/** What the budget leaves of time. */
function limits({ search, elapsedSeconds, slots }: EstimateInput): number[] {
  const { wallClock, gpuHours } = search.spec.budget;
  const used = search.status?.deviceSeconds ?? 0;
  return [
    ...(wallClock === undefined ? [] : [durationMs(wallClock) / 1000 - elapsedSeconds]),
    ...(gpuHours === undefined ? [] : [(gpuHours * 3600 - used) / slots]),
  ].map((seconds) => Math.max(0, seconds));
}

/** How much more a final trial trains than a search trial does, were their networks of one size. */
function finalRatio({ dataset, training, final }: BioNASSearchSpec): number {
  const epochs = final.training.epochs ?? training.epochs;
  return (epochs * finalPicturesRatio(dataset)) / training.epochs;
}
