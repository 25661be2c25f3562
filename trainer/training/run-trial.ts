// One trial from its spec to its result: pictures, network, training, test, attacks, and the files it leaves.
// Everything outside comes in through TrialPorts, so the same code runs in a Pod, under the local kubelet and in tests.
import { join } from 'node:path';
import {
  breachesOf,
  breachText,
  KEPT_FILES,
  type RobustnessResult,
  type TrialResult,
  type TrialSpec,
} from '../../crds/index.ts';
import { ALONE, type Worker } from '../program/index.ts';
import { ALIGNMENT } from './alignment-journal.ts';
import { BadInputError } from './bad-input-error.ts';
import { conclude, ruledOut } from './conclude.ts';
import { type EarlyMetrics, earlyMetrics } from './early-metrics.ts';
import { evaluate } from './evaluate.ts';
import { restoreMissing } from './keeper.ts';
import { lateMetrics } from './late-metrics.ts';
import { openNetwork } from './open-network.ts';
import { measureRobustness } from './robustness.ts';
import { runSupernet } from './supernet/index.ts';
import { trainSurrogate } from './surrogate.ts';
import { teamOf } from './team.ts';
import type { TrainContext } from './train-context.ts';
import { trainNetwork } from './train-network.ts';
import type { OpenedData, Trained, TrialPorts } from './trial-ports.ts';

export type RunOutcome =
  | { readonly kind: 'result'; readonly result: TrialResult }
  /** Of a worker that is not the first: what they trained is the first one's to judge. */
  | { readonly kind: 'helped' }
  | { readonly kind: 'interrupted'; readonly epoch: number };

/** Name of the checkpoint's file. */
export const CHECKPOINT = KEPT_FILES.checkpoint;

export async function runTrial(spec: TrialSpec, ports: TrialPorts): Promise<RunOutcome> {
  const { spans, worker = ALONE } = ports;
  requireParts(spec, worker);
  const opened = await spans.during('load data', () => ports.openData(spec));
  try {
    if (opened.data.stepsPerEpoch < 1) throw new BadInputError(tooFew(spec));
    if (spec.kind === 'Supernet') return await searchInSupernet(spec, opened, ports);
    const trained = await spans.during('build', () => openNetwork(spec, opened, ports));
    try {
      return await runInSession(trained, opened, ports);
    } finally {
      trained.session.close();
    }
  } finally {
    await opened.close();
  }
}

/** What several workers cannot divide is refused before anyone waits for the others. */
function requireParts({ kind, training }: TrialSpec, { world }: Worker): void {
  if (kind === 'Supernet' && world > 1)
    throw new BadInputError(`a supernet is trained by one worker, got ${world}`);
  const { batchSize } = training;
  if (batchSize % world > 0)
    throw new BadInputError(
      `training.batchSize: expected a multiple of the ${world} workers, got ${batchSize}`,
    );
}

async function searchInSupernet(
  spec: TrialSpec,
  opened: OpenedData,
  ports: TrialPorts,
): Promise<RunOutcome> {
  const { outcome, result } = await runSupernet(spec, opened, { ports, checkpoint: CHECKPOINT });
  return result === undefined
    ? { kind: 'interrupted', epoch: outcome.loop.epoch }
    : { kind: 'result', result };
}

function tooFew({ kind, training }: TrialSpec): string {
  const most =
    kind === 'Supernet'
      ? 'half the number of training pictures (the other half is for the architecture)'
      : 'the number of training pictures';
  const got = `expected at most ${most}, got ${training.batchSize}`;
  return `training.batchSize: ${got}; lower it, or raise dataset.trainPictures`;
}

async function runInSession(
  trained: Trained,
  opened: OpenedData,
  ports: TrialPorts,
): Promise<RunOutcome> {
  const { spec } = trained;
  const { session, worker = ALONE } = trained;
  const team = teamOf(session, worker);
  if (worker.rank > 0)
    return (await team.any(false)) ? { kind: 'helped' } : help(trained, { opened, ports });
  const before = ports.clock.now();
  const early = await earlyMetrics(trained, opened.data);
  const breaches = breachesOf(spec.constraints ?? [], early);
  if (await team.any(breaches.length > 0)) {
    ports.log(`not trained: ${breaches.map(breachText).join(', ')}`);
    const seconds = (ports.clock.now() - before) / 1000;
    return { kind: 'result', result: ruledOut(trained, early, seconds) };
  }
  return trainAndJudge(trained, { opened, ports, early });
}

/** A worker that is not the first: it trains, and scores its part. */
async function help(trained: Trained, { opened, ports }: Outside): Promise<RunOutcome> {
  const { data } = opened;
  const training = { data, ports, checkpoint: CHECKPOINT };
  const { context, outcome } = await trainNetwork(trained, training);
  const { kind, loop } = outcome;
  const tested = kind === 'trained' && trained.spec.purpose === 'Final';
  const stopped = kind === 'interrupted' || (tested && (await evaluate(context)) === undefined);
  return stopped ? { kind: 'interrupted', epoch: loop.epoch } : { kind: 'helped' };
}

async function trainAndJudge(
  trained: Trained,
  { opened, ports, early }: Outside & { readonly early: EarlyMetrics },
): Promise<RunOutcome> {
  const { spec } = trained;
  await restoreMissing(ports.keeper, join(ports.directory, ALIGNMENT), ports.log);
  const { context, outcome, path } = await trainNetwork(trained, {
    data: opened.data,
    ports,
    checkpoint: CHECKPOINT,
  });
  const interrupted = { kind: 'interrupted', epoch: outcome.loop.epoch } as const;
  if (outcome.kind === 'interrupted') return interrupted;
  const well = outcome.kind === 'trained';
  const tested = well && spec.purpose === 'Final';
  const test = tested ? await ports.spans.during('test', () => evaluate(context)) : undefined;
  if (tested && test === undefined) return interrupted;
  const late = well ? await lateMetrics({ ...context, step: trained.step }) : {};
  if (late === undefined) return interrupted;
  const attacked = well && spec.robustness !== undefined;
  const robustness = attacked
    ? await ports.spans.during('attack', () => attack(trained, context, { opened, ports }))
    : undefined;
  if (attacked && robustness === undefined) return interrupted;
  const ending = { measured: { ...early, ...late }, test, robustness, ports, path };
  return { kind: 'result', result: await conclude(trained, outcome, ending) };
}

interface Outside {
  readonly opened: OpenedData;
  readonly ports: TrialPorts;
}

const attack = (
  { step, spec }: Trained,
  context: TrainContext,
  { opened, ports }: Outside,
): Promise<RobustnessResult | undefined> =>
  measureRobustness({
    ...context,
    ...ports,
    step,
    trainSurrogate: (beat) =>
      trainSurrogate(spec, opened, { ...ports, listener: { progress: beat, epoch: beat } }),
  });
