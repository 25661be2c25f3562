// A name that machines share where one may use what was compiled on the other: the same instructions, the same cards.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Driver } from './driver.ts';

/**
 * Virtual machines of one model differ in their instructions, so the list of these counts (`flags`; of ARM, `Features`).
 * @param root `/`, or a folder that stands in for it
 */
export async function machineKind(
  root: string,
  { version, cards }: Pick<Driver, 'version' | 'cards'>,
): Promise<string> {
  const text = await readFile(join(root, 'proc/cpuinfo'), 'utf8').catch(() => '');
  const instructions = /^(?:flags|Features)\s*:.*$/m.exec(text)?.[0] ?? process.arch;
  const kinds = [...new Set(cards)].toSorted();
  return createHash('sha256')
    .update(JSON.stringify([instructions, version, kinds]))
    .digest('hex')
    .slice(0, 12);
}
