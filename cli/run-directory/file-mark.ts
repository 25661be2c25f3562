// Whether a file is the one that was read. Files of a run are never written to: another comes in their place.
import { stat } from 'node:fs/promises';

/** Of another file another one; undefined where there is none. */
export async function markOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && `${found.ino} ${found.mtimeMs} ${found.size}`;
}
