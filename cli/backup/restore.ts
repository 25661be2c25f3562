// Gives a search of a backup to a cluster. Search and Trials come first, marked so that the operator leaves them alone, for their
// UIDs name all else; then history and files under these; and once all is there, the marks go, that of the search last.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type BioNASSearch, RESTORING, type Trial } from '../../crds/index.ts';
import { makeBucket } from '../../operator/adapters/nats/index.ts';
import { isFinished, isTrialRecord, SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import { AlreadyExistsError, keyOf, type Live } from '../../operator/runtime/index.ts';
import { putObject } from '../../trainer/nats/index.ts';
import type { Cluster } from './cluster.ts';
import { BackupError } from './error.ts';
import { filesIn, folderOf, readObjects, readRecords } from './place.ts';
import {
  type NewNames,
  renamedPlaces,
  renamedRecord,
  renamedTrial,
  searchAnew,
  statusAnew,
  trialAnew,
} from './renaming.ts';

export interface RestoreOptions {
  /** In the place of the search's own. */
  readonly namespace?: string | undefined;
  readonly replicas: number;
  /** RFC 3339 */
  readonly now: string;
}

export interface Restored {
  readonly search: Live<BioNASSearch>;
  readonly trials: number;
  readonly records: number;
  readonly files: number;
}

/** Objects written side by side. */
const AT_ONCE = 16;
const RELEASED = { metadata: { annotations: { [RESTORING]: null } } };

/** What is known once the search is there. */
interface Restoring extends RestoreOptions {
  readonly root: string;
  readonly before: Live<BioNASSearch>;
  readonly search: Live<BioNASSearch>;
  readonly trials: readonly Live<Trial>[];
  /** Names of all trials by UID, those that live on in their records alone among them. */
  readonly known: ReadonlyMap<string, string>;
}

/** @throws BackupError */
export async function restore(
  root: string,
  options: RestoreOptions,
  cluster: Cluster,
): Promise<Restored> {
  const { search: before, trials: all } = await readObjects(root);
  const known = new Map<string, string>();
  for await (const record of readRecords(root, before.metadata.uid))
    if (isTrialRecord(record)) known.set(record.trial, record.name);
  // One that ended after the objects were read: its record is all there is to say.
  const trials = all.filter(
    ({ metadata, status }) => isFinished(status) || !known.has(metadata.uid),
  );
  for (const { metadata } of trials) known.set(metadata.uid, metadata.name);
  const search = await create(before, options.namespace, cluster);
  try {
    return await fill({ ...options, root, before, search, trials, known }, cluster);
  } catch (cause) {
    const { name, namespace } = search.metadata;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackupError(
      `the restore broke off: ${reason}; delete the search (kubectl -n ${namespace} delete bns ${name}) and restore it again`,
      { cause },
    );
  }
}

async function create(
  before: BioNASSearch,
  wanted: string | undefined,
  { clients }: Cluster,
): Promise<Live<BioNASSearch>> {
  const { name, namespace = 'default' } = before.metadata;
  const place = wanted ?? namespace;
  try {
    return await clients.of(SEARCHES).create(searchAnew(before, place));
  } catch (cause) {
    if (!(cause instanceof AlreadyExistsError)) throw cause;
    throw new BackupError(
      `expected no BioNASSearch ${place}/${name}, found one: delete it first, or restore into another --namespace`,
      { cause },
    );
  }
}

async function fill(restoring: Restoring, cluster: Cluster): Promise<Restored> {
  const { search, trials } = restoring;
  const names = await createTrials(restoring, cluster);
  const records = await restoreRecords(restoring, names, cluster);
  const files = await restoreFiles(restoring, names, cluster);
  await proveRecords(restoring, records, cluster);
  await release(restoring, names, cluster);
  return { search, trials: trials.length, records, files };
}

async function createTrials(
  { before, search, trials, known, now }: Restoring,
  { clients }: Cluster,
): Promise<NewNames> {
  const client = clients.of(TRIALS);
  const made = await inBatches(trials, async (trial) => {
    const { metadata } = await client.create(trialAnew(trial, search));
    return [trial.metadata.uid, metadata.uid] as const;
  });
  const uids = [before.metadata.uid, search.metadata.uid] as const;
  const byName = new Map(Array.from(known, ([uid, name]) => [name, uid]));
  const names: NewNames = { search: uids, trials: new Map(made), known: byName };
  await inBatches(trials, (trial) =>
    client.patchStatus(keyOf(trialAnew(trial, search)), statusAnew(trial, now, names)),
  );
  return names;
}

async function restoreRecords(
  { root, before, search }: Restoring,
  names: NewNames,
  { ledger }: Cluster,
): Promise<number> {
  const { uid } = search.metadata;
  let [after, records] = [0, 0];
  for await (const record of readRecords(root, before.metadata.uid)) {
    const sequence = await ledger.append(uid, renamedRecord(record, names), after);
    if (sequence === undefined)
      throw new BackupError(`somebody else writes the history of ${search.metadata.name}`);
    after = sequence;
    records += 1;
  }
  return records;
}

async function restoreFiles(
  { root, search, known, replicas }: Restoring,
  names: NewNames,
  { link }: Cluster,
): Promise<number> {
  let files = 0;
  for (const [uid, name] of known) {
    for (const file of await filesIn(root, name)) {
      const bucket = await makeBucket(link, search.metadata.uid, replicas);
      const bytes = createReadStream(join(folderOf(root, name), file));
      await putObject(link.connection, { bucket, trial: renamedTrial(uid, names), file }, bytes);
      files += 1;
    }
  }
  return files;
}

/** An operator that had not heard of the search yet may have taken its history for that of a dead one. */
async function proveRecords(
  { search }: Restoring,
  records: number,
  { ledger }: Cluster,
): Promise<void> {
  let there = 0;
  for await (const _ of ledger.read(search.metadata.uid)) there += 1;
  if (there !== records)
    throw new BackupError(`expected ${records} records in the ledger, found ${there}`);
}

async function release(
  { before, search, trials }: Restoring,
  names: NewNames,
  { clients }: Cluster,
): Promise<void> {
  const searches = clients.of(SEARCHES);
  if (before.status !== undefined)
    await searches.patchStatus(keyOf(search), renamedPlaces(before.status, names));
  await inBatches(trials, (trial) =>
    clients.of(TRIALS).patch(keyOf(trialAnew(trial, search)), RELEASED),
  );
  await searches.patch(keyOf(search), RELEASED);
}

async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE)
    done.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  return done;
}
