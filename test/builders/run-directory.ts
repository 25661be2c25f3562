// A directory as `bionas run` leaves it: objects and ledger by the adapters that a run writes with, and logs.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LiveEpochs, writeLiveEpochs } from '../../cli/run-directory/index.ts';
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import { FileLedger, ObjectStore } from '../../operator/adapters/local/index.ts';
import { type LedgerRecord, SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import { keyOf, silentLogger, systemClock } from '../../operator/runtime/index.ts';

export interface Left {
  readonly search: BioNASSearch;
  readonly records?: readonly LedgerRecord[];
  /** That have not ended, or are still there. */
  readonly trials?: readonly Trial[];
  /** By the name of the Pod. */
  readonly logs?: Readonly<Record<string, string>>;
  /** Process that carries it out. */
  readonly owner?: number;
  /** Epochs that trials have told of, by UID. */
  readonly told?: LiveEpochs;
}

/** Gone with the test. */
export async function makeFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'bionas-run-'));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

export async function leaveRunDirectory(
  root: string,
  { search, records = [], trials = [], logs = {}, owner, told }: Left,
): Promise<void> {
  const uids = [search.metadata.uid, ...trials.map(({ metadata }) => metadata.uid)];
  const store = await ObjectStore.open({
    directory: join(root, 'objects'),
    kinds: [
      { kind: SEARCHES, keep: 'disk' },
      { kind: TRIALS, keep: 'disk' },
    ],
    clock: systemClock,
    newUid: () => uids.shift() ?? '',
    logger: silentLogger,
  });
  const { status, ...rest } = search;
  await store.of(SEARCHES).create(rest);
  if (status !== undefined) await store.of(SEARCHES).patchStatus(keyOf(search), status);
  for (const trial of trials) {
    const metadata = { ...trial.metadata, namespace: 'default' };
    await store.of(TRIALS).create({ ...trial, metadata });
    await store.of(TRIALS).patchStatus(keyOf({ ...trial, metadata }), trial.status ?? {});
  }
  const ledger = await FileLedger.open(join(root, 'ledger.jsonl'), silentLogger);
  for (const [after, record] of records.entries())
    await ledger.append(search.metadata.uid ?? '', record, after);
  await ledger.close();
  for (const [pod, text] of Object.entries(logs)) {
    const file = join(root, 'logs', `${pod}.log`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  if (owner !== undefined) await writeFile(join(root, 'lock'), String(owner));
  if (told !== undefined) await writeLiveEpochs(root, told);
}
