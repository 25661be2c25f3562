// Where checkpoint and artifacts live on when the directory they are written to goes with its Pod. Members: in place (below), and
// trainer/keeping/, which sends them to NATS or S3. test/cases/keeper.cases.ts holds all to it.
import { access } from 'node:fs/promises';

export interface Keeper {
  /**
   * Brings the version of a file that was kept so many before the last one, over what lies there. False where there is none.
   * Rejects with DamagedFileError where it is not what was kept; otherwise only when the trainer is asked to end, or where it
   * would be wrong to go on without.
   */
  restore(path: string, age?: number): Promise<boolean>;
  /**
   * Keeps a file in the background: training goes on, and what fails is made up for with the next version. `replaces`: the last
   * version is damaged, and makes room instead of the oldest.
   */
  offer(path: string, how?: { readonly replaces: boolean }): void;
  /** Keeps a file now; gives the place where others find it, or undefined where it could not be kept. */
  keep(path: string): Promise<string | undefined>;
}

/** What was kept is not what came back. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** For a directory that stays. */
export const inPlace: Keeper = {
  restore: async () => false,
  offer() {},
  keep: async (path) => path,
};

/** Unless there is one, of an attempt in the same directory. One that is damaged is passed over: what it tells can be had again. */
export async function restoreMissing(
  keeper: Keeper,
  path: string,
  log: (line: string) => void,
): Promise<void> {
  if (await exists(path)) return;
  try {
    await keeper.restore(path);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    log(`going on without: ${error.message}`);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
