// Files that appear whole or not at all, and beside them the versions that were there before: `path`, `path.1`, `path.2`, ...
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What writers do to a disk; a test ends it between any two of them. */
export type Disk = Pick<typeof fs, 'mkdir' | 'open' | 'rename' | 'link' | 'rm' | 'readdir'>;

export interface Writing {
  /** Versions that are there afterwards, the new one among them; default: that one alone. */
  readonly keep?: number;
  readonly disk?: Disk;
}

const TEMPORARY = '.tmp';

/** Writes `bytes` so that after a crash at any moment `path` holds the old or the new content, never a part. */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array | string,
  { keep = 1, disk = fs }: Writing = {},
): Promise<void> {
  await disk.mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  const file = await disk.open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await disk.rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await stepBack(path, keep, disk);
  await disk.rename(temporary, path);
}

/** The versions at `path` that are there, the newest first. */
export async function versionsAt(
  path: string,
  disk: Pick<Disk, 'readdir'> = fs,
): Promise<string[]> {
  const names = await disk.readdir(dirname(path)).catch(() => []);
  const start = `${basename(path)}.`;
  const ages = names.flatMap((name) => {
    if (name === basename(path)) return [0];
    const age = name.startsWith(start) ? name.slice(start.length) : '';
    return /^[1-9]$/.test(age) ? [Number(age)] : [];
  });
  return ages.sort((a, b) => a - b).map((age) => versionAt(path, age));
}

const versionAt = (path: string, age: number): string => (age === 0 ? path : `${path}.${age}`);

/** Makes room for a new version: those before it are then one further back, and the oldest is gone. */
async function stepBack(path: string, keep: number, disk: Disk): Promise<void> {
  if (keep === 1) return;
  const there = new Set(await versionsAt(path, disk));
  const free = Array.from({ length: keep }, (_, age) => age).find(
    (age) => !there.has(versionAt(path, age)),
  );
  for (let age = free ?? keep - 1; age > 1; age -= 1)
    await disk.rename(versionAt(path, age - 1), versionAt(path, age)).catch(unlessGone);
  if (there.has(path)) await retain(path, versionAt(path, 1), disk);
}

/** The newest stays where readers look for it, also under its name of the last but one. */
async function retain(path: string, older: string, disk: Disk): Promise<void> {
  await disk.rm(older, { force: true });
  try {
    await disk.link(path, older);
  } catch (error) {
    // Some network file systems have no links: then it is away for a moment, and found under the other name.
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST')
      await disk.rename(path, older).catch(unlessGone);
  }
}

/** Another writer, of an attempt that is to end, may have been at it. */
function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** Removes what writers that were killed have left. A writer that still lives fails, and leaves the old content. */
export async function removeTorn(directory: string): Promise<void> {
  for (const name of await fs.readdir(directory))
    if (name.endsWith(TEMPORARY)) await fs.rm(join(directory, name), { force: true });
}
