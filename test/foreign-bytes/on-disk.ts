// A folder for the readers that want a path.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls with a folder that is gone afterwards. */
export async function inFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'bionas-foreign-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads by the path of a file, and of the folder that it is in. */
export const onDisk =
  (name: string, read: (path: string, folder: string) => unknown) => (bytes: Uint8Array) =>
    inFolder(async (folder) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return await read(path, folder);
    });
