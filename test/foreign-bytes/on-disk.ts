// A folder for the readers that want a path.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-foreign-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Where such a file lies; known once tests run. */
export const placeOf = (name: string): string => join(directory, name);

/** Reads by a path. */
export const onDisk =
  (name: string, read: (path: string) => unknown) => async (bytes: Uint8Array) => {
    const path = placeOf(name);
    await writeFile(path, bytes);
    return read(path);
  };
