// One trial from its spec to its result: pictures, network, program, session, training, and the files it leaves.
// Everything outside comes in through TrialPorts, so the same code runs in a Pod, under the local kubelet and in tests.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  EPOCHS_KEPT,
  type Genotype,
  parseGenotype,
  type TrialResult,
  type TrialSpec,
} from '../../crds/index.ts';
import type { Executor, Session } from '../executors/index.ts';
import { loadLearningRules } from '../learning-rules/index.ts';
import { buildNetwork, type Network, networkCost, type Task } from '../network/index.ts';
import { byRule } from './alignment.ts';
import { ALIGNMENT, recordAlignment } from './alignment-journal.ts';
import { BadInputError } from './bad-input-error.ts';
import {
  type Checkpoint,
  CheckpointError,
  DamagedCheckpointError,
  type LoopState,
  loadCheckpoint,
  saveCheckpoint,
} from './checkpoint.ts';
import { evaluate, type Score } from './evaluate.ts';
import { initialValues } from './initial-values.ts';
import type { Keeper } from './keeper.ts';
import type { Statistics } from './objective.ts';
import type { Clock, Listener, TrainingData } from './ports.ts';
import { buildStepProgram, type StepProgram } from './step-program.ts';
import { FIRST, type TrainOutcome, train } from './train.ts';
import type { TrainContext } from './train-context.ts';

/** The pictures of one trial, ready to be asked for batches. */
export interface OpenedData {
  readonly task: Task;
  readonly statistics: Statistics;
  readonly data: TrainingData;
  close(): Promise<void>;
}

/** What an artifact writer is given. */
export interface Trained {
  readonly spec: TrialSpec;
  readonly genotype: Genotype;
  readonly network: Network;
  readonly task: Task;
  readonly statistics: Statistics;
  readonly session: Session;
  readonly step: StepProgram;
  readonly directory: string;
}

export interface TrialPorts {
  readonly executor: Executor;
  readonly threads?: number;
  /** Where checkpoint and artifacts go. */
  readonly directory: string;
  readonly openData: (spec: TrialSpec) => Promise<OpenedData>;
  /** Writes files of a trained network and what it scored, in [0, 1]; name to path. */
  readonly writeArtifacts: (
    trained: Trained,
    accuracy: number | undefined,
  ) => Promise<Record<string, string>>;
  readonly keeper: Keeper;
  readonly clock: Clock;
  readonly listener: Listener;
  /** For people who read the trainer's log. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export type RunOutcome =
  | { readonly kind: 'result'; readonly result: TrialResult }
  | { readonly kind: 'interrupted'; readonly epoch: number };

/** Name of the checkpoint's file. */
export const CHECKPOINT = 'checkpoint.safetensors';

/** Hash of whatever may not change between two attempts at one trial. */
export const identityOf = ({
  genotype,
  seed,
  shape,
  dataset,
  training,
  purpose,
}: TrialSpec): string =>
  createHash('sha256')
    .update(JSON.stringify({ genotype, seed, shape, dataset, training, purpose }))
    .digest('hex');

export async function runTrial(spec: TrialSpec, ports: TrialPorts): Promise<RunOutcome> {
  const genotype = parseGenotype(spec.genotype);
  const rules = await loadLearningRules();
  const opened = await ports.openData(spec);
  try {
    const { task, statistics, data } = opened;
    const { training, shape } = spec;
    if (data.stepsPerEpoch < 1) throw new BadInputError(tooFew(training.batchSize));
    const { auxiliaryWeight, dropPath } = training.regularisation;
    const network = buildNetwork({
      genotype,
      shape,
      task,
      rules,
      auxiliary: auxiliaryWeight > 0,
      dropPath: dropPath > 0,
    });
    const step = buildStepProgram({
      network,
      task,
      statistics,
      training,
      evaluationBatch: EVALUATION_BATCH,
    });
    const session = await ports.executor.open(step.program, threadsOf(ports));
    try {
      const trained = {
        spec,
        genotype,
        network,
        task,
        statistics,
        session,
        step,
        directory: ports.directory,
      };
      return await runInSession(trained, data, ports);
    } finally {
      session.close();
    }
  } finally {
    await opened.close();
  }
}

const tooFew = (batchSize: number): string =>
  `training.batchSize: expected at most the number of training pictures, got ${batchSize}; ` +
  'lower it, or raise dataset.trainPictures';

/** Pictures of an evaluation step: data is asked for batches of this size. */
export const EVALUATION_BATCH = 250;

const threadsOf = ({ threads }: TrialPorts) => (threads === undefined ? {} : { threads });

async function runInSession(
  trained: Trained,
  data: TrainingData,
  ports: TrialPorts,
): Promise<RunOutcome> {
  const { spec, session, step, task } = trained;
  const path = join(ports.directory, CHECKPOINT);
  const identity = identityOf(spec);
  const journal = join(ports.directory, ALIGNMENT);
  await ports.keeper.restore(journal);
  const context: TrainContext = {
    spec,
    task,
    program: step.program,
    session,
    data,
    clock: ports.clock,
    listener: ports.listener,
    signal: ports.signal,
    measured: step.measured,
    save: async (loop) => {
      await saveCheckpoint(path, { variables: await session.read(), loop, identity });
      ports.keeper.offer(path);
      if (await recordAlignment(ports.directory, loop)) ports.keeper.offer(journal);
    },
  };
  const start = await restore(trained, { path, identity, log: ports.log });
  const outcome = await train(context, start);
  const interrupted = { kind: 'interrupted', epoch: outcome.loop.epoch } as const;
  if (outcome.kind === 'interrupted') return interrupted;
  const tested = spec.purpose === 'Final' && outcome.kind === 'trained';
  const test = tested ? await evaluate(context) : undefined;
  if (tested && test === undefined) return interrupted;
  return { kind: 'result', result: await conclude(trained, outcome, { test, ports, path }) };
}

interface Restoring {
  readonly path: string;
  readonly identity: string;
  readonly log: TrialPorts['log'];
}

/** Puts the variables where the checkpoint, or the seed, says; gives the place in the loop. */
async function restore({ spec, session, step }: Trained, how: Restoring): Promise<LoopState> {
  const checkpoint = await undamaged(how);
  if (checkpoint === undefined) {
    await session.write(initialValues(step.variables.all, spec.seed));
    return FIRST;
  }
  const missing = step.variables.all.find(({ name }) => checkpoint.variables[name] === undefined);
  if (missing !== undefined)
    throw new CheckpointError(
      `${how.path} lacks variable ${missing.name}; remove it to start over`,
    );
  await session.write(checkpoint.variables);
  return checkpoint.loop;
}

/** A damaged checkpoint costs the time that it held, not the trial. */
async function undamaged({ path, identity, log }: Restoring): Promise<Checkpoint | undefined> {
  try {
    return await loadCheckpoint(path, identity);
  } catch (error) {
    if (!(error instanceof DamagedCheckpointError)) throw error;
    log(`${error.message}; training starts over`);
    return undefined;
  }
}

interface Ending {
  /** Of a final trial. */
  readonly test: Score | undefined;
  readonly ports: TrialPorts;
  readonly path: string;
}

async function conclude(
  trained: Trained,
  outcome: TrainOutcome,
  { test, ports, path }: Ending,
): Promise<TrialResult> {
  const { loop } = outcome;
  const last = loop.history.at(-1);
  const diverged = outcome.kind === 'diverged' || !Number.isFinite(test?.loss ?? 0);
  const accuracy = test?.accuracy ?? last?.validationAccuracy;
  const artifacts = diverged
    ? {}
    : await places({ ...(await filesOf(trained, accuracy, ports)), checkpoint: path }, ports);
  const rates = loop.history.map(({ picturesPerSecond }) => picturesPerSecond);
  return {
    outcome: diverged ? 'Diverged' : 'Trained',
    metrics: {
      ...(diverged ? {} : scoresOf(last)),
      ...(test === undefined || diverged
        ? {}
        : { testAccuracy: test.accuracy, testLoss: test.loss }),
      ...networkCost(trained.network, trained.task),
      picturesPerSecond: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length),
      seconds: loop.seconds,
    },
    epochs: selected(loop.history),
    ...(loop.alignment === undefined ? {} : { alignment: byRule(loop.alignment.layers) }),
    artifacts,
    executor: trained.session.description,
  };
}

/** What the artifact writer leaves, and what was measured on the way. */
async function filesOf(
  trained: Trained,
  accuracy: number | undefined,
  { writeArtifacts, directory }: TrialPorts,
): Promise<Record<string, string>> {
  const written = await writeArtifacts(trained, accuracy);
  const journal = join(directory, ALIGNMENT);
  // Not there where nothing was measured: no layer had a gradient, or the recipe did not ask.
  return existsSync(journal) ? { ...written, [ALIGNMENT]: journal } : written;
}

/** Where others find the files; without those that could not be kept. */
async function places(
  files: Readonly<Record<string, string>>,
  { keeper }: TrialPorts,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(files)) {
    const place = await keeper.keep(path);
    if (place !== undefined) found[name] = place;
  }
  return found;
}

/** At most EPOCHS_KEPT epochs, evenly spaced, the last one always among them. */
function selected<T>(history: readonly T[]): T[] {
  const every = Math.ceil(history.length / EPOCHS_KEPT);
  return history.filter((_, i) => (history.length - 1 - i) % every === 0);
}

function scoresOf(last: LoopState['history'][number] | undefined) {
  const loss = last?.validationLoss;
  return {
    ...(last?.validationAccuracy === undefined ? {} : { accuracy: last.validationAccuracy }),
    ...(loss === undefined || loss === null ? {} : { loss }),
  };
}
