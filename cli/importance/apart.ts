// The same in a thread of its own: a forest takes its time, in which a server has others to answer. It keeps no process alive.
import { Worker } from 'node:worker_threads';
import type { Sample, variancesAlone } from './fanova.ts';
import type { Forests } from './thread.ts';

/** Of each sample as variancesAlone gives it. */
export async function variancesApart(
  samples: readonly Sample[],
  seed: number,
): Promise<ReturnType<typeof variancesAlone>[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const workerData: Forests = { samples, seed };
  const thread = new Worker(new URL(`./thread.${extension}`, import.meta.url), { workerData });
  const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof variancesAlone>[]>();
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error('the thread of importance has ended without a word')));
  // The first listener to messages has it hold the process.
  thread.unref();
  return promise;
}
