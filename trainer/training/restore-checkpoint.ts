// The checkpoint to go on from: the newest one that is whole, of those in the trainer's directory, and then of those kept elsewhere.
import { USUAL_CHECKPOINTS } from '../../crds/index.ts';
import { versionsAt, writeAtomically } from './atomic-file.ts';
import {
  type Checkpoint,
  DamagedCheckpointError,
  encodeCheckpoint,
  loadCheckpoint,
} from './checkpoint.ts';
import { DamagedFileError, type Keeper } from './keeper.ts';

export interface Restoring {
  /** Where the newest one is written to. */
  readonly path: string;
  readonly identity: string;
  readonly keeper: Keeper;
  /** Most that are kept elsewhere. */
  readonly keep?: number;
  readonly log: (line: string) => void;
}

/** Undefined where there is none that can be used: a damaged one costs the time that it held, not the trial. @throws CheckpointError */
export async function restoreCheckpoint(restoring: Restoring): Promise<Checkpoint | undefined> {
  const { path, keeper, log } = restoring;
  let passedOver = 0;
  for await (const found of candidates(restoring)) {
    if (found instanceof Error) {
      passedOver += 1;
      log(`${found.message}; the checkpoint before it is looked for`);
      continue;
    }
    if (passedOver > 0) {
      // In the place of the damaged one: else the next would drive this one out, and leave that.
      await writeAtomically(path, encodeCheckpoint(found));
      keeper.offer(path, { replaces: true });
    }
    return found;
  }
  if (passedOver > 0) log('no checkpoint is whole: training starts over');
  return undefined;
}

async function* candidates({
  path,
  identity,
  keeper,
  keep = USUAL_CHECKPOINTS.keep,
}: Restoring): AsyncGenerator<Checkpoint | DamagedCheckpointError | DamagedFileError> {
  for (const version of await versionsAt(path)) {
    const found = await orDamaged(() => loadCheckpoint(version, identity));
    if (found !== undefined) yield found;
  }
  for (let age = 0; age < keep; age += 1) {
    const found = await orDamaged(async () =>
      (await keeper.restore(path, age)) ? loadCheckpoint(path, identity) : undefined,
    );
    if (found === undefined) return;
    yield found;
  }
}

async function orDamaged<T>(
  load: () => Promise<T>,
): Promise<T | DamagedCheckpointError | DamagedFileError> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof DamagedCheckpointError || error instanceof DamagedFileError) return error;
    throw error;
  }
}
