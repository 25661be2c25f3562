// Folders for data that is not to outlive its owner.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDeath } from './watchdog.ts';

export interface OwnDirectory {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** The folder given, which stays; else a fresh one that `remove` removes, as does this process' death. */
export async function ownDirectory(given: string | undefined): Promise<OwnDirectory> {
  if (given !== undefined) return { path: given, remove: async () => {} };
  const path = await mkdtemp(join(tmpdir(), 'bionas-cluster-'));
  const forget = onDeath({ remove: path });
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      forget();
    },
  };
}
