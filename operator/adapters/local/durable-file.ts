// Writing files so that a crash at any moment leaves the old content or the new, never half of it.
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const TEMPORARY = '.tmp';

export function isTemporary(file: string): boolean {
  return basename(file).startsWith('.') && file.endsWith(TEMPORARY);
}

/** Resolves when the content is on disk under its name: write beside, fsync, rename, fsync the folder. */
export async function writeDurably(file: string, content: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}${TEMPORARY}`);
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

/** Resolves when the file is gone for good. */
export async function removeDurably(file: string): Promise<void> {
  await unlink(file);
  await syncFolder(dirname(file));
}

/** Makes the folder and its parents; their names are on disk when it resolves. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

/** Makes names made or removed in the folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
