// A kubeconfig that is another's but for some texts: another user, another address.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The kubeconfig with other texts in it, as a file that goes with the test. */
export async function kubeconfigWith(
  file: string,
  changes: readonly (readonly [from: string, to: string])[],
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-kubeconfig-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  let text = await readFile(file, 'utf8');
  for (const [from, to] of changes) text = text.replaceAll(from, to);
  const changed = join(directory, 'kubeconfig');
  await writeFile(changed, text, { mode: 0o600 });
  return changed;
}
