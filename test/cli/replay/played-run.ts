// The directory of a run whose search was played, not trained: objects and ledger as `bionas run` leaves them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { LedgerRecord } from '../../../operator/reconcilers/index.ts';
import { makeSearchManifest, makeTrialManifest } from '../../builders/manifest.ts';
import { makePlayedRecords } from '../../builders/played-records.ts';

export const UID = 'search-uid';
export const SPEC = {
  algorithm: { name: 'regularized-evolution', settings: { population: 3, sample: 2 } },
};

/** Gone with the test. */
export async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'bionas-replay-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

export const playedRecords = (count: number): LedgerRecord[] => makePlayedRecords(count, SPEC);

export async function leaveRun(
  root: string,
  records: readonly LedgerRecord[],
  { spec = SPEC, live = [] as Record<string, unknown>[] } = {},
): Promise<void> {
  const put = async (plural: string, name: string, object: unknown) => {
    const folder = join(root, 'objects', `${plural}.bionas.dev`, 'default');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.json`), JSON.stringify(object));
  };
  const { metadata, ...search } = BioNASSearch.parse(makeSearchManifest(spec));
  const identity = { name: 'night', namespace: 'default', resourceVersion: '1' };
  await put('bionassearches', 'night', {
    ...search,
    metadata: { ...metadata, ...identity, uid: UID },
  });
  for (const [k, fields] of live.entries()) {
    const trial = Trial.parse(makeTrialManifest(fields));
    await put('trials', `live-${k}`, {
      ...trial,
      metadata: { ...trial.metadata, uid: `live-${k}` },
    });
  }
  const lines = records.map((record) => `${JSON.stringify({ search: UID, record })}\n`);
  await writeFile(join(root, 'ledger.jsonl'), lines.join(''));
}
