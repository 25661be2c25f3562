// One small real search that all pages look at, and the same one as it was before its end.
import { join } from 'node:path';
import { makeClone } from './clone.ts';
import { smallPictures } from './pictures.ts';
import { inShell } from './shell.ts';
import { TRIALS } from './small.ts';

export interface FinishedRun {
  readonly cache: string;
  /** Directory of `examples/quickstart.yaml`, carried out. */
  readonly finished: string;
  /** That of the same search while it is under way, and stopped. */
  readonly unfinished: string;
}

/** In a folder of the caller's. */
export async function makeFinishedRun(
  folder: string,
  signal: AbortSignal,
  { trials = TRIALS }: { readonly trials?: number } = {},
): Promise<FinishedRun> {
  const cache = join(folder, 'cache');
  await smallPictures(cache);
  const clone = await makeClone({ folder, cache });
  await inShell(
    clone,
    [
      `sed -i 's/trials: .*/trials: ${trials}/' examples/quickstart.yaml`,
      'bionas run examples/quickstart.yaml',
      `bionas replay runs/quickstart --until ${Math.floor(trials / 2)} --fork runs/unfinished`,
    ].map((run) => ({ said: run, run })),
    signal,
  );
  const runs = join(clone.directory, 'runs');
  return { cache, finished: join(runs, 'quickstart'), unfinished: join(runs, 'unfinished') };
}
