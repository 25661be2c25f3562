// The directory of a run whose search was played, not trained: objects and ledger as `bionas run` leaves them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { LedgerRecord } from '../../../operator/reconcilers/index.ts';
import { makeSearchManifest, makeTrialManifest } from '../../builders/manifest.ts';
import { inTurn, play } from '../../builders/search.ts';
import { makeRecord } from '../../builders/search-result.ts';

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

/** The records of `count` trials, one after the other. */
export function playedRecords(count: number, spec: Record<string, unknown> = SPEC): LedgerRecord[] {
  const parsed = BioNASSearch.parse(makeSearchManifest(spec)).spec;
  const { proposals, results } = play(parsed, inTurn(count));
  return results.map(({ index, outcome }) => {
    const { genotype, proposedAfter } = proposals[index]!;
    const objectives = outcome.kind === 'scored' ? [...outcome.objectives] : undefined;
    const name = `night-${index}`;
    return makeRecord(index % 10, {
      index,
      name,
      trial: `uid-${index}`,
      genotype,
      proposedAfter,
      objectives,
    });
  });
}

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
