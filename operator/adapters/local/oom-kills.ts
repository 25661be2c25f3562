// How many processes the kernel has killed for want of memory.
import { readFile } from 'node:fs/promises';

/** Since boot, by Linux' /proc/vmstat; undefined on systems that do not say. */
export async function oomKills(file = '/proc/vmstat'): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
