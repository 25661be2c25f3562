// Takes a backup of a search of a cluster, also while it runs: objects first, then its history, then files. So the history knows
// everything that the objects tell of, and what it knows beyond them is found again as after a crash of the operator.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeptFile } from '../../crds/index.ts';
import { filesOf } from '../../operator/adapters/nats/index.ts';
import { recordSchema, SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import { controllerOf, NotFoundError, type ObjectKey } from '../../operator/runtime/index.ts';
import { getObject } from '../../trainer/nats/index.ts';
import type { Cluster } from './cluster.ts';
import { BackupError } from './error.ts';
import { folderOf, makePlace, writeObjects, writeRecords } from './place.ts';

export interface Taken {
  readonly trials: number;
  readonly records: number;
  readonly files: number;
}

/** What is written last is the search itself: what was cut off is no backup. @throws BackupError */
export async function takeBackup(key: ObjectKey, root: string, cluster: Cluster): Promise<Taken> {
  const { clients, link, ledger } = cluster;
  const search = await clients
    .of(SEARCHES)
    .get(key)
    .catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      throw new BackupError(`expected a BioNASSearch ${key.namespace}/${key.name}, found none`);
    });
  const { uid } = search.metadata;
  const listed = await clients.of(TRIALS).list({ namespace: key.namespace });
  const trials = listed.items.filter((trial) => controllerOf(trial)?.uid === uid);
  await makePlace(root);
  const names = new Map(trials.map(({ metadata }) => [metadata.uid, metadata.name]));
  let records = 0;
  async function* history() {
    for await (const { record } of ledger.read(uid)) {
      const known = recordSchema(record).parse(record);
      if ('trial' in known) names.set(known.trial, known.name);
      records += 1;
      yield record;
    }
  }
  await writeRecords(root, uid, history());
  let files = 0;
  for (const kept of await filesOf(link, uid)) {
    const name = names.get(kept.trial);
    if (name !== undefined && (await wrote(kept, folderOf(root, name), cluster))) files += 1;
  }
  await writeObjects(root, { search, trials });
  return { trials: trials.length, records, files };
}

const TRIES = 4;
const AGAIN_MS = 500;

/** A trainer that writes it anew meanwhile tears it for a moment. */
async function wrote(kept: KeptFile, folder: string, { link }: Cluster): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      const bytes = await getObject(link.connection, kept);
      if (bytes === undefined) return false;
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, kept.file), bytes);
      return true;
    } catch (error) {
      if (tries >= TRIES) throw error;
      await delay(AGAIN_MS);
    }
  }
}
