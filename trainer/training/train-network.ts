// Trains an open network from where its checkpoint, or else its seed, puts it, and saves it on the way.
import { join } from 'node:path';
import { USUAL_CHECKPOINTS } from '../../crds/index.ts';
import { ALONE } from '../program/index.ts';
import { ALIGNMENT, recordAlignment } from './alignment-journal.ts';
import { CheckpointError, LoopState, saveCheckpoint } from './checkpoint.ts';
import { identityOf } from './identity.ts';
import { initialValues } from './initial-values.ts';
import type { TrainingData } from './ports.ts';
import { type Restoring, restoreCheckpoint } from './restore-checkpoint.ts';
import { type Team, teamOf } from './team.ts';
import { FIRST, type TrainOutcome, train } from './train.ts';
import type { Course, TrainContext } from './train-context.ts';
import type { InSession, TrialPorts } from './trial-ports.ts';

export interface NetworkTraining {
  readonly data: TrainingData;
  readonly ports: Pick<TrialPorts, 'keeper' | 'clock' | 'listener' | 'spans' | 'log' | 'signal'>;
  /** File of the checkpoint, in the directory of the network. */
  readonly checkpoint: string;
  readonly course?: Course;
}

interface TrainedTo {
  /** What the trained network may be asked in. */
  readonly context: TrainContext;
  readonly outcome: TrainOutcome;
  /** Of the checkpoint. */
  readonly path: string;
}

export async function trainNetwork(
  trained: InSession,
  { data, ports, checkpoint, course }: NetworkTraining,
): Promise<TrainedTo> {
  const { spec, session, step, task, directory, worker = ALONE } = trained;
  const { keeper, clock, listener, spans, log, signal } = ports;
  const path = join(directory, checkpoint);
  const journal = join(directory, ALIGNMENT);
  const identity = identityOf(spec);
  const { keep } = spec.checkpoints ?? USUAL_CHECKPOINTS;
  const team = teamOf(session, worker);
  const context: TrainContext = {
    spec,
    task,
    program: step.program,
    session,
    data,
    clock,
    listener,
    spans,
    signal,
    measured: step.measured,
    ...(course === undefined ? {} : { course }),
    team,
    save: async (loop) => {
      // All hold the same: one keeps it.
      if (worker.rank > 0) return;
      await spans.during('checkpoint', async () => {
        const variables = await session.read();
        await saveCheckpoint(path, { variables, loop, identity }, { keep });
        keeper.offer(path);
        if (await recordAlignment(directory, loop)) keeper.offer(journal);
      });
    },
  };
  const restoring = { path, identity, keeper, keep, log };
  const start = await spans.during('restore', () => begin(trained, { ...restoring, team }));
  return { context, outcome: await train(context, start), path };
}

/** Where the first worker stands, with its variables: the others know no checkpoint. So it may have been of more or fewer of them. */
async function begin(
  trained: InSession,
  { team, ...how }: Restoring & { readonly team: Team },
): Promise<LoopState> {
  const { session, step, spec } = trained;
  const first = team.worker.rank === 0;
  if (!first) await session.write(initialValues(step.variables.all, spec.seed));
  const loop = first ? await restore(trained, how) : FIRST;
  if (team.worker.world === 1) return loop;
  await team.share();
  await team.compare();
  return LoopState.parse(JSON.parse(await team.hear(JSON.stringify(loop))));
}

/** Puts the variables where the checkpoint, or the seed, says; gives the place in the loop. */
async function restore({ spec, session, step }: InSession, how: Restoring): Promise<LoopState> {
  const checkpoint = await restoreCheckpoint(how);
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
