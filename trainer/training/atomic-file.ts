// Files that appear whole or not at all.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TEMPORARY = '.tmp';

/** Writes `bytes` so that after a crash at any moment `path` holds the old or the new content, never a part. */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Removes what writers that were killed have left. A writer that still lives fails, and leaves the old content. */
export async function removeTorn(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (name.endsWith(TEMPORARY)) await rm(join(directory, name), { force: true });
}
