// Folders for data that is not to outlive its owner.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDeath } from './watchdog.ts';

const MOUNTS = '/proc/mounts';

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
      await removeDirectory(path);
      forget();
    },
  };
}

/** Removes it, unless something is mounted there: what lies behind a mount is not ours. */
export async function removeDirectory(path: string): Promise<void> {
  const [mount] = mountsUnder(path);
  if (mount !== undefined) throw new Error(`${path} stays: ${mount} is mounted there`);
  await rm(path, { recursive: true, force: true, maxRetries: 5 });
}

/** Paths of what is mounted there, the innermost first; known on Linux only. */
export function mountsUnder(directory: string): string[] {
  if (!existsSync(MOUNTS)) return [];
  return readFileSync(MOUNTS, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
    .sort()
    .reverse();
}
