// What a search takes: device time, time by the clock, memory, pictures a second, space. Pure.
import { type BioNASSearchSpec, durationMs } from '../../crds/index.ts';
import { EVALUATION_BATCH } from '../../trainer/training/index.ts';
import type { Cost, Measured } from './cost-model.ts';
import type { Pictures } from './pictures.ts';

/** One training, and what its network costs. */
export interface Costed {
  readonly cost: Cost;
  readonly epochs: number;
  readonly starts: number;
  readonly batchSize: number;
  readonly pictures: Pictures;
  /** Whether each of its epochs ends with an evaluation, or its training only. */
  readonly scoresEpochs: boolean;
}

export const epochSecondsOf = ({ cost, batchSize, pictures, scoresEpochs }: Costed): number =>
  Math.floor(pictures.training / batchSize) * cost.stepSeconds +
  cost.epochSeconds +
  (scoresEpochs ? evaluationOf(pictures, cost) : 0);

const evaluationOf = ({ scoring }: Pictures, { evaluationSeconds }: Cost): number =>
  Math.ceil(scoring / EVALUATION_BATCH) * evaluationSeconds;

export const secondsOf = (training: Costed): number =>
  training.epochs * epochSecondsOf(training) +
  training.starts * training.cost.startSeconds +
  (training.scoresEpochs ? 0 : evaluationOf(training.pictures, training.cost));

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** By the clock: each goes to the place that is free first, in their order. */
export function makespan(seconds: readonly number[], places: number): number {
  const ends = new Array<number>(Math.max(1, places)).fill(0);
  for (const each of seconds) {
    const next = ends.indexOf(Math.min(...ends));
    ends[next] = (ends[next] ?? 0) + each;
  }
  return Math.max(...ends);
}

export interface Stage {
  readonly trainings: number;
  readonly epochs: number;
  /** Run time of trainers, times the devices of each. */
  readonly deviceSeconds: number;
  readonly clockSeconds: number;
  readonly misfit: number;
  readonly measured: readonly Measured[];
}

export interface Prediction {
  readonly search: Stage;
  readonly final?: Stage;
  readonly deviceSeconds: number;
  readonly clockSeconds: number;
  /** Trainers at once. */
  readonly slots: number;
  /** Of one trainer, of the largest network that was measured. */
  readonly peakBytes: number;
  /** That all trainers at once read, while they train. */
  readonly picturesPerSecond: number;
  /** Checkpoints and networks of all trials, where none is deleted. */
  readonly keptBytes: number;
  /** What the budget says to that; none where it suffices. */
  readonly limits: readonly string[];
  readonly price?: number;
}

interface Terms {
  /** Trainers at once. */
  readonly slots: number;
  /** Of a device for an hour. */
  readonly price?: number | undefined;
}

export function predictionOf(
  spec: Pick<BioNASSearchSpec, 'budget' | 'training'>,
  { search, final }: Pick<Prediction, 'search' | 'final'>,
  { slots, price }: Terms,
): Prediction {
  const stages = [search, ...(final === undefined ? [] : [final])];
  const deviceSeconds = sum(stages.map((stage) => stage.deviceSeconds));
  const clockSeconds = sum(stages.map((stage) => stage.clockSeconds));
  const steps = search.measured.map(({ stepSeconds }) => stepSeconds);
  const kept = stages.map(
    ({ trainings, measured }) =>
      (trainings * sum(measured.map(({ keptBytes }) => keptBytes))) / measured.length,
  );
  return {
    search,
    ...(final === undefined ? {} : { final }),
    deviceSeconds,
    clockSeconds,
    slots,
    peakBytes: Math.max(
      ...stages.flatMap(({ measured }) => measured.map((each) => each.peakBytes)),
    ),
    picturesPerSecond: (slots * spec.training.batchSize) / Math.min(...steps),
    keptBytes: sum(kept),
    limits: limitsOf(spec, { deviceSeconds, clockSeconds, search }),
    ...(price === undefined ? {} : { price: (price * deviceSeconds) / 3600 }),
  };
}

function limitsOf(
  { budget }: Pick<BioNASSearchSpec, 'budget'>,
  {
    deviceSeconds,
    clockSeconds,
    search,
  }: Pick<Prediction, 'deviceSeconds' | 'clockSeconds' | 'search'>,
): string[] {
  const { gpuHours, wallClock, trials } = budget;
  const within = (given: number, needed: number) =>
    Math.min(trials, Math.floor((trials * given) / needed));
  const told: string[] = [];
  if (gpuHours !== undefined && gpuHours * 3600 < deviceSeconds) {
    const left = Math.max(0, gpuHours * 3600 - (deviceSeconds - search.deviceSeconds));
    told.push(
      `budget.gpuHours ${gpuHours}: enough for about ${within(left, search.deviceSeconds)} of ${trials} trials beside the final stage`,
    );
  }
  if (wallClock !== undefined && durationMs(wallClock) / 1000 < clockSeconds)
    told.push(
      `budget.wallClock ${wallClock}: enough for about ${within(durationMs(wallClock) / 1000, search.clockSeconds)} of ${trials} trials`,
    );
  return told;
}
