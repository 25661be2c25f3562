// The directory of a backup, laid out as that of a local run, so that `bionas replay`, `ledger verify` and `simulate` read it:
// objects/, ledger.jsonl and trials/<name>/<file>. Nothing in one that is read is trusted.
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { BioNASSearch, KEPT_FILES, ObjectMeta, Trial } from '../../crds/index.ts';
import { ObjectFiles } from '../../operator/adapters/local/index.ts';
import {
  type LedgerRecord,
  recordSchema,
  SEARCHES,
  TRIALS,
} from '../../operator/reconcilers/index.ts';
import {
  type KubernetesObject,
  keyOf,
  type Live,
  silentLogger,
} from '../../operator/runtime/index.ts';
import { BackupError } from './error.ts';

export interface KeptObjects {
  readonly search: Live<BioNASSearch>;
  readonly trials: readonly Live<Trial>[];
}

const objectsIn = (root: string): ObjectFiles => new ObjectFiles(join(root, 'objects'));
const ledgerIn = (root: string): string => join(root, 'ledger.jsonl');

/** @throws BackupError of a name that is none of a Trial, such as one that leads elsewhere */
export function folderOf(root: string, trial: string): string {
  if (ObjectMeta.shape.name.safeParse(trial).success) return join(root, 'trials', trial);
  throw new BackupError(`${root}: expected the name of a Trial, found ${shown(trial)}`);
}

/** @throws BackupError where something is there already */
export async function makePlace(root: string): Promise<void> {
  const entries = await readdir(root).catch(() => []);
  if (entries.length > 0)
    throw new BackupError(
      `${root}: expected a directory that is empty or not there yet, got ${entries.length} entries in it`,
    );
  await mkdir(root, { recursive: true });
}

export async function writeObjects(root: string, { search, trials }: KeptObjects): Promise<void> {
  const files = objectsIn(root);
  for (const trial of trials) await files.write(TRIALS, keyOf(trial), trial);
  await files.write(SEARCHES, keyOf(search), search);
}

/** @throws BackupError */
export async function readObjects(root: string): Promise<KeptObjects> {
  const files = objectsIn(root);
  const searches = await files.load(SEARCHES, silentLogger);
  const [search] = searches;
  if (search === undefined || searches.length > 1)
    throw new BackupError(`${root}: expected the backup of one search, found ${searches.length}`);
  const trials = await files.load(TRIALS, silentLogger);
  return {
    search: checked(root, BioNASSearch, search),
    trials: trials.map((trial) => checked(root, Trial, trial)),
  };
}

/** As it stands there: fields of a younger version are for the API server to judge. */
function checked<Of extends KubernetesObject>(
  root: string,
  schema: z.ZodType<Of>,
  object: Live<KubernetesObject>,
): Live<Of> {
  const [issue] = schema.safeParse(object).error?.issues ?? [];
  if (issue === undefined) return object as Live<Of>;
  const where = `${root}: ${object.kind} ${object.metadata.name}: ${issue.path.join('.')}`;
  throw new BackupError(`${where}: ${issue.message}`);
}

/** Whole or an error: a backup with half of its records is none. */
export async function writeRecords(
  root: string,
  search: string,
  records: AsyncIterable<unknown>,
): Promise<void> {
  const file = await open(ledgerIn(root), 'wx');
  try {
    for await (const record of records)
      await file.appendFile(`${JSON.stringify({ search, record })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** One after the other: there may be 50,000. @throws BackupError */
export async function* readRecords(root: string, search: string): AsyncGenerator<LedgerRecord> {
  const path = ledgerIn(root);
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    yield recordOf(`${path}:${number}`, line, search);
  }
}

function recordOf(place: string, line: string, search: string): LedgerRecord {
  let entry: { readonly search?: unknown; readonly record?: unknown } | null;
  try {
    entry = JSON.parse(line);
  } catch (cause) {
    throw new BackupError(`${place}: expected a JSON line, found ${shown(line)}`, { cause });
  }
  const { data, error } = recordSchema(entry?.record).safeParse(entry?.record);
  if (data !== undefined && entry?.search === search && data.search === search) return data;
  const [issue] = error?.issues ?? [];
  const why = issue === undefined ? 'of another' : `${issue.path.join('.')}: ${issue.message}`;
  throw new BackupError(
    `${place}: expected a record of search ${search}, found ${shown(line)} (${why})`,
  );
}

const shown = (line: string): string => JSON.stringify(line.slice(0, 60));

/** Files of the kinds that trainers keep. */
export async function filesIn(root: string, trial: string): Promise<readonly string[]> {
  const folder = folderOf(root, trial);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const plain = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
  return Object.values(KEPT_FILES).filter((file) => plain.has(file));
}
