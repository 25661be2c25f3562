// One trial from its spec to its result: pictures, network, program, session, training, and the files it leaves.
// Everything outside comes in through TrialPorts, so the same code runs in a Pod, under the local kubelet and in tests.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseGenotype, type TrialResult, type TrialSpec } from '../../crds/index.ts';
import { loadLearningRules } from '../learning-rules/index.ts';
import { buildNetwork } from '../network/index.ts';
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
import { conclude } from './conclude.ts';
import { evaluate } from './evaluate.ts';
import { initialValues } from './initial-values.ts';
import type { TrainingData } from './ports.ts';
import { measureRobustness } from './robustness.ts';
import { buildStepProgram } from './step-program.ts';
import { FIRST, train } from './train.ts';
import type { TrainContext } from './train-context.ts';
import type { Trained, TrialPorts } from './trial-ports.ts';

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
      ...(spec.robustness === undefined ? {} : { attackBatch: ATTACK_BATCH }),
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

/** Pictures of a call while the network is attacked: the fewer are left to fool, the fewer are asked about in vain. */
const ATTACK_BATCH = 100;

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
  const attacked = spec.robustness !== undefined && outcome.kind === 'trained';
  const robustness = attacked ? await measureRobustness({ ...context, ...ports, step }) : undefined;
  if (attacked && robustness === undefined) return interrupted;
  const ending = { test, robustness, ports, path };
  return { kind: 'result', result: await conclude(trained, outcome, ending) };
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
