// Files and folders that commands write where a person said: what stands in the way is told with the path.
import { mkdir, writeFile } from 'node:fs/promises';

/** The message has the path and the system's words. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  constructor(path: string, { cause }: { readonly cause: unknown }) {
    const got = cause instanceof Error ? cause.message : String(cause);
    super(`${path}: expected a place that can be written to, got ${got}`, { cause });
  }
}

/** @throws WriteError */
export async function writtenFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    throw new WriteError(path, { cause });
  }
}

/** With those above it. @throws WriteError */
export async function madeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new WriteError(path, { cause });
  }
}
