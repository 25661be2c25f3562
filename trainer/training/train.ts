// The training loop, read top to bottom: restore or begin, run epochs step by step, evaluate, save, and say how it went.
// It may be stopped between any two steps, or in an evaluation, and goes on with the same numbers.
import type { EpochMetrics, Progress, TrialSpec } from '../../crds/index.ts';
import type { Session, Tensors } from '../executors/index.ts';
import type { Task } from '../network/index.ts';
import type { Program } from '../program/index.ts';
import { layerAlignments, meanOf } from './alignment.ts';
import type { MeasuredLayer } from './alignment-entry.ts';
import type { LoopState } from './checkpoint.ts';
import { evaluate, numberOf, only } from './evaluate.ts';
import type { Batch, Clock, Listener, TrainingData } from './ports.ts';
import { learningRateAt } from './schedule.ts';

export interface TrainContext {
  readonly spec: TrialSpec;
  readonly task: Task;
  readonly program: Program;
  readonly session: Session;
  readonly data: TrainingData;
  readonly clock: Clock;
  readonly listener: Listener;
  /** Ends the loop after the running step, or the running batch of an evaluation. */
  readonly signal: AbortSignal;
  /** Layers that the entry `align` measures; none: it is not there. */
  readonly measured: readonly MeasuredLayer[];
  /** Called at the end of each epoch, in long ones now and then, and when interrupted. */
  readonly save: (loop: LoopState) => Promise<void>;
}

export type TrainOutcome =
  | { readonly kind: 'trained' | 'diverged'; readonly loop: LoopState }
  | { readonly kind: 'interrupted'; readonly loop: LoopState };

export const FIRST: LoopState = {
  epoch: 0,
  step: 0,
  running: { loss: 0, correct: 0, pictures: 0 },
  epochSeconds: 0,
  seconds: 0,
  history: [],
};

const PROGRESS_EVERY_MS = 500;
/** What a killed trainer may lose of a long epoch. */
const SAVE_EVERY_MS = 60_000;

/** Trains from `start` to spec.fidelity.epochs. */
export async function train(context: TrainContext, start: LoopState): Promise<TrainOutcome> {
  let loop = start;
  while (loop.epoch < context.spec.fidelity.epochs) {
    const { end, loop: after } = await trainEpoch(context, loop);
    loop = after;
    if (end === 'diverged') return { kind: 'diverged', loop };
    const finished = end === 'done' ? await finishEpoch(context, loop) : undefined;
    loop = finished ?? loop;
    await context.save(loop);
    if (finished === undefined) return { kind: 'interrupted', loop };
  }
  return { kind: endedWell(loop) ? 'trained' : 'diverged', loop };
}

/** The last step may leave weights whose loss is no number any more: only the evaluation after it sees that. */
const endedWell = ({ history }: LoopState): boolean => history.at(-1)?.validationLoss !== null;

type EpochEnd = 'done' | 'diverged' | 'interrupted';

async function trainEpoch(
  context: TrainContext,
  start: LoopState,
): Promise<{ end: EpochEnd; loop: LoopState }> {
  const { data, session, clock, signal } = context;
  const scheduler = progressEvery(context, PROGRESS_EVERY_MS);
  let loop = start;
  let before = clock.now();
  let saved = before;
  let last: Batch | undefined;
  for await (const batch of data.training(loop.epoch, loop.step)) {
    if (signal.aborted) return { end: 'interrupted', loop };
    last = batch;
    const outputs = await session.run('train', stepInputs(context, loop, batch));
    const loss = numberOf(outputs, 'loss');
    const now = clock.now();
    loop = afterStep(loop, {
      loss,
      correct: numberOf(outputs, 'correct'),
      pictures: batch.labels.length,
      seconds: (now - before) / 1000,
    });
    before = now;
    if (!Number.isFinite(loss)) return { end: 'diverged', loop };
    scheduler(loop);
    if (now - saved < SAVE_EVERY_MS) continue;
    await context.save(loop);
    saved = clock.now();
  }
  return { end: 'done', loop: last === undefined ? loop : await aligned(context, loop, last) };
}

/** Steps that looking at one costs: a forward pass and two ways back. */
const ALIGNMENT_COST = 5 / 3;
/** Of the steps trained meanwhile. */
const ALIGNMENT_SHARE = 0.03;

/** At the end of every epoch, of short ones at the end of every few, and of the last. */
function isAlignmentDue({ spec, data, measured }: TrainContext, epoch: number): boolean {
  if (measured.length === 0) return false;
  const every = Math.ceil(ALIGNMENT_COST / ALIGNMENT_SHARE / data.stepsPerEpoch);
  return (epoch + 1) % every === 0 || epoch + 1 === spec.fidelity.epochs;
}

/** The loop with what the last batch of the epoch says of the distance to backpropagation. */
async function aligned(context: TrainContext, loop: LoopState, batch: Batch): Promise<LoopState> {
  const { session, clock, measured } = context;
  if (!isAlignmentDue(context, loop.epoch)) return loop;
  const before = clock.now();
  const inputs = stepInputs(context, loop, batch, 'align');
  const { alignment } = await session.run('align', inputs);
  const seconds = loop.seconds + (clock.now() - before) / 1000;
  return { ...loop, seconds, alignment: layerAlignments(measured, alignment?.data ?? []) };
}

function afterStep(
  loop: LoopState,
  step: { loss: number; correct: number; pictures: number; seconds: number },
): LoopState {
  const { running } = loop;
  return {
    ...loop,
    step: loop.step + 1,
    running: {
      loss: running.loss + step.loss * step.pictures,
      correct: running.correct + step.correct,
      pictures: running.pictures + step.pictures,
    },
    epochSeconds: loop.epochSeconds + step.seconds,
    seconds: loop.seconds + step.seconds,
  };
}

/** Learning rate of a step counted over the whole training. */
const rateAt = (
  step: number,
  { spec: { training }, data }: Pick<TrainContext, 'spec' | 'data'>,
): number =>
  learningRateAt(step, {
    schedule: training.schedule,
    peak: training.optimizer.learningRate,
    epochs: training.epochs,
    stepsPerEpoch: data.stepsPerEpoch,
  });

/** Inputs of an entry at a place of the loop; one that it does not name is left out. */
export function stepInputs(
  context: Pick<TrainContext, 'spec' | 'data' | 'task' | 'program'>,
  { epoch, step }: Pick<LoopState, 'epoch' | 'step'>,
  batch: Batch,
  entry: 'train' | 'align' = 'train',
): Tensors {
  const { spec, data, task, program } = context;
  const { training } = spec;
  const total = epoch * data.stepsPerEpoch + step;
  const rate = rateAt(total, context);
  const size = batch.labels.length;
  const { height, width, channels } = task;
  const scalar = (value: number) => ({
    dtype: 'float32' as const,
    shape: [],
    data: Float32Array.of(value),
  });
  const offered: Tensors = {
    pictures: { dtype: 'uint8', shape: [size, height, width, channels], data: batch.pictures },
    labels: { dtype: 'int32', shape: [size], data: batch.labels },
    key: { dtype: 'int32', shape: [2], data: Int32Array.of(spec.seed | 0, total) },
    rate: scalar(rate),
    dropPath: scalar((training.regularisation.dropPath * epoch) / training.epochs),
    ...(batch.keep === undefined
      ? {}
      : { keep: { dtype: 'uint8', shape: [size, height, width, 1], data: batch.keep } }),
  };
  return only(offered, program.entries[entry]?.inputs ?? {});
}

/** Undefined where the evaluation was interrupted: the epoch then stands at its last step, and is evaluated anew. */
async function finishEpoch(context: TrainContext, loop: LoopState): Promise<LoopState | undefined> {
  const { spec, data, clock, listener } = context;
  const before = clock.now();
  // A final trial never looks at the test pictures before its end.
  const score = spec.purpose === 'Search' ? await evaluate(context) : undefined;
  if (score === undefined && spec.purpose === 'Search') return undefined;
  const evaluation = (clock.now() - before) / 1000;
  const { running, epochSeconds } = loop;
  const metrics: EpochMetrics = {
    epoch: loop.epoch + 1,
    loss: running.loss / running.pictures,
    accuracy: running.correct / running.pictures,
    ...(score === undefined
      ? {}
      : {
          validationLoss: Number.isFinite(score.loss) ? score.loss : null,
          validationAccuracy: score.accuracy,
        }),
    ...gradientAngleOf(context, loop),
    learningRate: rateAt((loop.epoch + 1) * data.stepsPerEpoch - 1, context),
    seconds: epochSeconds + evaluation,
    picturesPerSecond: running.pictures / Math.max(epochSeconds, 1e-9),
  };
  const next: LoopState = {
    ...FIRST,
    epoch: loop.epoch + 1,
    seconds: loop.seconds + evaluation,
    history: [...loop.history, metrics],
    ...(loop.alignment === undefined ? {} : { alignment: loop.alignment }),
  };
  listener.epoch(metrics, progressOf(context, next));
  return next;
}

/** Of an epoch that ended with a measurement. */
function gradientAngleOf(context: TrainContext, { epoch, alignment = [] }: LoopState) {
  return isAlignmentDue(context, epoch) ? meanOf(alignment, 'gradientAngle') : {};
}

function progressOf({ spec, data }: TrainContext, loop: LoopState): Progress {
  const { running, epochSeconds, history } = loop;
  const validation = history.at(-1)?.validationAccuracy;
  return {
    epoch: loop.epoch,
    epochs: spec.fidelity.epochs,
    step: loop.step,
    steps: data.stepsPerEpoch,
    ...(running.pictures === 0
      ? {}
      : {
          loss: running.loss / running.pictures,
          accuracy: running.correct / running.pictures,
          picturesPerSecond: running.pictures / Math.max(epochSeconds, 1e-9),
        }),
    ...(validation === undefined ? {} : { validationAccuracy: validation }),
  };
}

function progressEvery(context: TrainContext, everyMs: number): (loop: LoopState) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (loop) => {
    const now = context.clock.now();
    if (now - last < everyMs) return;
    last = now;
    context.listener.progress(progressOf(context, loop));
  };
}
