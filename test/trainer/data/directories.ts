// Directories with given files in them, gone when the tests of their file have ended.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export type Files = Readonly<Record<string, Uint8Array>>;

const made: string[] = [];
afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))));

/** Names may have folders in them. */
export async function directoryWith(files: Files): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-files-'));
  made.push(directory);
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), bytes);
  }
  return directory;
}
