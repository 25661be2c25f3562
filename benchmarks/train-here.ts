// A trial trained in this process, for benchmarks of many small ones: no artifacts, no reports, nothing left behind.
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrialSpec } from '../crds/index.ts';
import { createInThreadStream } from '../trainer/data/index.ts';
import { defaultLibraryDir, type Executor } from '../trainer/executors/index.ts';
import {
  inPlace,
  type RunOutcome,
  runTrial,
  type TrialPorts,
  untold,
} from '../trainer/training/index.ts';
import { openTrialData } from '../trainer/trial-data.ts';

const location = { cacheHome: process.env['XDG_CACHE_HOME'], home: homedir() };
export const CACHE = join(location.cacheHome ?? join(location.home, '.cache'), 'bionas');
export const LIBRARY = defaultLibraryDir(location);

interface Here extends Partial<Pick<TrialPorts, 'threads'>> {
  readonly executor: Executor;
  readonly onEpoch?: TrialPorts['listener']['epoch'];
}

export async function trainHere(
  spec: TrialSpec,
  { onEpoch = () => {}, ...own }: Here,
): Promise<RunOutcome> {
  const directory = await mkdtemp(join(tmpdir(), 'bionas-bench-'));
  const stream = createInThreadStream();
  try {
    return await runTrial(spec, {
      ...own,
      directory,
      openData: (of) => openTrialData(of, { cacheDir: join(CACHE, 'datasets'), stream }),
      writeArtifacts: async () => ({}),
      keeper: inPlace,
      clock: performance,
      listener: { progress: () => {}, epoch: onEpoch },
      spans: untold(),
      log: () => {},
      signal: new AbortController().signal,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}
