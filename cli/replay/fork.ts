// Another run of a search's past: its history up to an event, in a directory of its own, to be gone on with.
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type BioNASSearch, type BioNASSearchSpec, withoutWantedAgain } from '../../crds/index.ts';
import { FileLedger, ObjectStore } from '../../operator/adapters/local/index.ts';
import {
  isTrialRecord,
  isWarmStart,
  type LedgerRecord,
  recordSchema,
  SEARCHES,
  withTaken,
} from '../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { takeOver } from '../../operator/search/index.ts';
import { entriesOf, replayOf, SearchCheck } from '../ledger/index.ts';
import { readSearch } from '../run/index.ts';
import { takeRunDirectory } from '../run-directory/index.ts';
import { ReplayError, type Source, type SourceIo } from './source.ts';

export interface ForkIo extends SourceIo {
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
}

export interface ForkWish {
  /** Directory of the new run. */
  readonly to: string;
  /** Events to keep; absent: all. */
  readonly until?: number | undefined;
  /** File of the search that it is to become. */
  readonly manifest?: string | undefined;
}

/** What scores depend on, and with them the worth of a history. */
const KEPT = ['searchSpace', 'objectives', 'dataset', 'training'] as const;
/** What the engine is made of besides: under another one the past is a fact that it would not have made. */
const ENGINE = ['seed', 'algorithm', 'scheduling', 'warmStart'] as const;

/** Gives what to tell. @throws ReplayError where the history does not fit, or the directory is taken */
export async function fork(source: Source, wish: ForkWish, io: ForkIo): Promise<string> {
  const { to, manifest, until = Number.POSITIVE_INFINITY } = wish;
  const given = manifest && readSearch(manifest, await io.readFile(manifest));
  const search = given || source.search;
  refuseOthers(source.search.spec, search.spec);
  const changed = ENGINE.some((field) => !isSame(source.search.spec[field], search.spec[field]));
  const records = await recordsUntil(source, until, io);
  const kept = changed
    ? records.filter((each) => isTrialRecord(each) || isWarmStart(each))
    : records;
  prove(search.spec, kept, changed);
  const uid = await write(to, search, { kept, changed, io });
  const events = kept.filter((record) => !isWarmStart(record)).length;
  const how = changed ? ' under other settings' : '';
  return `search ${search.metadata.name} (${uid}): ${events} records${how} in ${to}; go on with bionas run FILE --dir ${to}`;
}

const isSame = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a ?? null)), JSON.parse(JSON.stringify(b ?? null)));

function refuseOthers(before: BioNASSearchSpec, after: BioNASSearchSpec): void {
  const other = KEPT.find((field) => !isSame(before[field], after[field]));
  if (other === undefined) return;
  throw new ReplayError(
    `spec.${other}: expected that of the search that is forked, since its scores hold for nothing else; got another`,
  );
}

/** Before anything is written: a run that begins with these records must be able to go on. */
function prove(spec: BioNASSearchSpec, kept: readonly LedgerRecord[], changed: boolean): void {
  const [first] = kept;
  const check = new SearchCheck(first?.search ?? '');
  for (const record of kept) check.add({ place: 'record', search: record.search, record });
  const engine = withTaken(spec, check.taken);
  if (changed || check.rebuilt) {
    takeOver(engine, check.history);
    return;
  }
  const { difference } = replayOf(engine, check.history);
  if (difference === undefined) return;
  throw new ReplayError(
    `the history cannot be gone on with from there: ${difference.message}. Trials that were under way by then are not in it: ` +
      'take another event, or other settings by --manifest, under which those that ended are facts',
  );
}

/** Of the first events; final trials are not among them. */
async function recordsUntil(
  { place, uid }: Source,
  until: number,
  io: SourceIo,
): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  let events = 0;
  for await (const found of entriesOf(place, io)) {
    if ('problem' in found || found.search !== uid) continue;
    const record = recordSchema(found.record).parse(found.record);
    const isFinal = isTrialRecord(record) && record.purpose === 'Final';
    if (isFinal) continue;
    if (!isWarmStart(record)) events += 1;
    if (events > until) break;
    records.push(record);
  }
  return records;
}

interface Written {
  readonly kept: readonly LedgerRecord[];
  readonly changed: boolean;
  readonly io: ForkIo;
}

/** Gives the UID of the new search. */
async function write(
  root: string,
  { apiVersion, kind, metadata, spec }: BioNASSearch,
  { kept, changed, io }: Written,
): Promise<string> {
  const isTaken = await access(join(root, 'objects')).then(
    () => true,
    () => false,
  );
  if (isTaken) throw new ReplayError(`${root}: expected a directory without a search, found one`);
  const directory = await takeRunDirectory(root, {
    fresh: false,
    pid: io.pid,
    isAlive: io.isAlive,
  });
  try {
    const store = await ObjectStore.open({
      directory: directory.objects,
      kinds: [{ kind: SEARCHES, keep: 'disk' }],
      clock: systemClock,
      newUid: randomUUID,
      logger: silentLogger,
    });
    const { name, namespace } = metadata;
    const object = {
      apiVersion,
      kind,
      metadata: { name, namespace },
      spec: withoutWantedAgain(spec),
    };
    const { uid } = (await store.of(SEARCHES).create(object)).metadata;
    const ledger = await FileLedger.open(directory.ledger, silentLogger);
    const rebuilt = changed ? { rebuilt: true } : {};
    for (const [after, record] of kept.entries())
      await ledger.append(
        uid,
        { ...record, ...(isWarmStart(record) ? {} : rebuilt), search: uid },
        after,
      );
    await ledger.close();
    return uid;
  } finally {
    await directory.release();
  }
}
