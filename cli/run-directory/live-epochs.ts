// live.json of a run: the epochs of trials that have not ended, as their trainers tell of them, for whoever looks meanwhile and for the
// run that goes on after a kill. What came of a trial is in its object and in the ledger.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EpochMetrics } from '../../crds/index.ts';
import { markOf } from './file-mark.ts';

/** By the trial's UID. */
export type LiveEpochs = ReadonlyMap<string, readonly EpochMetrics[]>;

const LiveFile = z.record(z.string(), z.array(EpochMetrics));
export const LIVE = 'live.json';

/** Reads the directory's each time it is called; one that is as it was is not parsed again. */
export function liveEpochsReader(root: string): () => Promise<LiveEpochs> {
  let known: { readonly mark: string | undefined; readonly epochs: LiveEpochs } | undefined;
  return async () => {
    const mark = await markOf(join(root, LIVE));
    if (known === undefined || known.mark !== mark)
      known = { mark, epochs: await readLiveEpochs(root) };
    return known.epochs;
  };
}

/** Empty where there is none, or none that this version reads. */
export async function readLiveEpochs(root: string): Promise<LiveEpochs> {
  const text = await readFile(join(root, LIVE), 'utf8').catch(() => '{}');
  return new Map(Object.entries(epochsIn(text)));
}

function epochsIn(text: string): z.infer<typeof LiveFile> {
  try {
    return LiveFile.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Readers see what was there before, or all of this. */
export async function writeLiveEpochs(root: string, epochs: LiveEpochs): Promise<void> {
  const file = join(root, LIVE);
  await writeFile(`${file}.part`, JSON.stringify(Object.fromEntries(epochs)));
  await rename(`${file}.part`, file);
}

export const removeLiveEpochs = (root: string): Promise<void> =>
  rm(join(root, LIVE), { force: true });
