// The training loop, read top to bottom: restore or begin, run epochs step by step, evaluate, save, and say how it went.
// It may be stopped between any two steps, or in an evaluation, and goes on with the same numbers.
import {
  type EpochMetrics,
  type Progress,
  type TrialSpec,
  USUAL_CHECKPOINTS,
} from '../../crds/index.ts';
import { meanOf } from './alignment.ts';
import { atMostEvery } from './at-most-every.ts';
import { inPairs, otherHalfOf } from './batches.ts';
import type { LoopState } from './checkpoint.ts';
import { earlyStop } from './early-stop.ts';
import { evaluate, numberOf, type Score } from './evaluate.ts';
import { lookAt, lookAtStart } from './look.ts';
import type { Batch } from './ports.ts';
import { rateAt, stepInputs } from './step-inputs.ts';
import type { TrainContext } from './train-context.ts';
import { timed } from './waiting.ts';

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

export const PROGRESS_EVERY_MS = 500;

/** What a killed trainer may lose of a long epoch. */
export const saveEveryMs = ({ checkpoints = USUAL_CHECKPOINTS }: TrialSpec): number =>
  1000 * checkpoints.everySeconds;

/** Trains from `start` to spec.fidelity.epochs, or to where spec.stopping ends it. */
export async function train(context: TrainContext, start: LoopState): Promise<TrainOutcome> {
  let loop = (await lookAtStart(context, start)) ?? start;
  if (loop !== start) await context.save(loop);
  while (isUnfinished(context, loop)) {
    const start = loop;
    const { end, loop: after } = await context.spans.during(
      'epoch',
      () => runEpoch(context, start),
      { 'bionas.epoch': start.epoch + 1, 'bionas.first_step': start.step },
    );
    loop = after;
    if (end === 'diverged') return { kind: 'diverged', loop };
    if (end === 'interrupted') return { kind: 'interrupted', loop };
  }
  return { kind: endedWell(loop) ? 'trained' : 'diverged', loop };
}

/** From the place in it where the loop stands to its end, scored and saved; or to where it was interrupted, and saved. */
async function runEpoch(
  context: TrainContext,
  start: LoopState,
): Promise<{ end: EpochEnd; loop: LoopState }> {
  const { end, loop } = await trainEpoch(context, await beginEpoch(context, start));
  if (end === 'diverged') return { end, loop };
  const finished = end === 'done' ? await finishEpoch(context, loop) : undefined;
  await context.team.compare();
  await context.save(finished ?? loop);
  return finished === undefined ? { end: 'interrupted', loop } : { end: 'done', loop: finished };
}

const isUnfinished = ({ spec, course }: TrainContext, loop: LoopState): boolean =>
  loop.epoch < spec.fidelity.epochs &&
  earlyStop(spec, loop) === undefined &&
  course?.hasEnded(loop.history) !== true;

/** The last step may leave weights whose loss is no number any more: only the evaluation after it sees that. */
const endedWell = ({ history }: LoopState): boolean => history.at(-1)?.validationLoss !== null;

/** What it costs is part of the trial's time, not of its epoch's rate. */
async function beginEpoch(context: TrainContext, loop: LoopState): Promise<LoopState> {
  const { course, clock, listener } = context;
  if (course?.begin === undefined) return loop;
  const before = clock.now();
  const beat = atMostEvery(PROGRESS_EVERY_MS, clock, () =>
    listener.progress(progressOf(context, loop)),
  );
  await course.begin(context, loop.epoch, beat);
  return { ...loop, seconds: loop.seconds + (clock.now() - before) / 1000 };
}

type EpochEnd = 'done' | 'diverged' | 'interrupted';

async function trainEpoch(
  context: TrainContext,
  start: LoopState,
): Promise<{ end: EpochEnd; loop: LoopState }> {
  const { session, clock, signal, course, team, spec } = context;
  const saveEvery = saveEveryMs(spec);
  const { world } = team.worker;
  const entry = course?.entryAt(start.epoch) ?? 'train';
  let loop = start;
  const { items, share } = timed(batchesOf(context, loop, entry), clock);
  const tell = atMostEvery(PROGRESS_EVERY_MS, clock, (now: LoopState) =>
    context.listener.progress({ ...progressOf(context, now), waiting: share() }),
  );
  let before = clock.now();
  let saved = before;
  for await (const batch of items) {
    // Workers end after the same step: the one that is asked to tells the others in it.
    if (signal.aborted && world === 1) return { end: 'interrupted', loop };
    const inputs = stepInputs(context, loop, batch, entry);
    const more = course?.inputs?.(context, loop);
    const outputs = await session.run(entry, { ...inputs, ...more });
    const loss = numberOf(outputs, 'loss');
    const now = clock.now();
    loop = afterStep(loop, {
      loss,
      correct: numberOf(outputs, 'correct'),
      pictures: batch.labels.length * world,
      seconds: (now - before) / 1000,
    });
    before = now;
    if (!Number.isFinite(loss)) return { end: 'diverged', loop };
    if (numberOf(outputs, 'stop') > 0) return { end: 'interrupted', loop };
    tell(loop);
    if (now - saved < saveEvery) continue;
    await context.save(loop);
    saved = clock.now();
  }
  return { end: 'done', loop };
}

/** With pictures of the other half beside them where the entry reads some. */
function batchesOf(
  { data, program, team }: TrainContext,
  { epoch, step }: LoopState,
  entry: string,
): AsyncIterable<Batch> {
  const batches = data.training(epoch, step, team.worker);
  const wanted = program.entries[entry]?.inputs ?? {};
  if (!('architecture/pictures' in wanted)) return batches;
  return inPairs(batches, otherHalfOf(data).batches(epoch, step));
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

/** Undefined where it was interrupted: the epoch then stands at its last step, and is looked at and evaluated anew. */
async function finishEpoch(
  context: TrainContext,
  stepped: LoopState,
): Promise<LoopState | undefined> {
  const { team } = context;
  const loop = await lookAt(context, stepped);
  if ((await team.any(loop === undefined)) || loop === undefined) return undefined;
  const { spec, data, clock, listener } = context;
  const before = clock.now();
  // A final trial never looks at the test pictures before its end.
  const score = spec.purpose === 'Search' ? await scoreOf(context) : undefined;
  if (score === undefined && spec.purpose === 'Search') return undefined;
  const seen = context.course === undefined ? {} : await context.course.look(context);
  if (seen === undefined) return undefined;
  const evaluation = (clock.now() - before) / 1000;
  const { running, epochSeconds, alignment } = loop;
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
    ...seen,
    ...(alignment?.epoch === loop.epoch + 1 ? meanOf(alignment.layers, 'gradientAngle') : {}),
    learningRate: rateAt((loop.epoch + 1) * data.stepsPerEpoch - 1, context),
    seconds: epochSeconds + evaluation,
    picturesPerSecond: running.pictures / Math.max(epochSeconds, 1e-9),
  };
  const next: LoopState = {
    ...FIRST,
    epoch: loop.epoch + 1,
    seconds: loop.seconds + evaluation,
    history: [...loop.history, metrics],
    ...(alignment === undefined ? {} : { alignment }),
  };
  listener.epoch(metrics, progressOf(context, next));
  return next;
}

const scoreOf = (context: TrainContext): Promise<Score | undefined> =>
  context.spans.during('validate', () => context.course?.score?.(context) ?? evaluate(context));

export function progressOf({ spec, data }: TrainContext, loop: LoopState): Progress {
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
