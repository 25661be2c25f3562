// What is replayed: a search, its history, and its trials that have not ended.
import { join } from 'node:path';
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import { withTaken } from '../../operator/reconcilers/index.ts';
import type { EngineSpec, History } from '../../operator/search/index.ts';
import { entriesOf, gapsIn, type LedgerPlace, SearchCheck } from '../ledger/index.ts';
import { readSearch } from '../run/index.ts';
import { readStoredSearch } from '../run-directory/index.ts';

export interface SourceIo {
  readFile(path: string): Promise<string>;
  readonly signal: AbortSignal;
}

export interface Source {
  readonly search: BioNASSearch;
  /** UID. */
  readonly uid: string;
  readonly spec: EngineSpec;
  readonly history: History;
  /** Why no replay can fit, where it cannot. */
  readonly problems: readonly string[];
  readonly place: LedgerPlace;
}

/** The record cannot be replayed. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly exitCode = 2;
}

export interface Wanted extends Omit<LedgerPlace, 'file'> {
  /** Of a local run; absent: the ledger is on NATS, and there is a manifest. */
  readonly directory?: string | undefined;
  /** In the place of what lies in the directory. */
  readonly manifest?: string | undefined;
}

/** @throws NoSearchError | ManifestError | ReplayError */
export async function openSource(wanted: Wanted, io: SourceIo): Promise<Source> {
  const { directory, manifest } = wanted;
  const stored = directory === undefined ? undefined : await readStoredSearch(directory);
  const given = manifest && readSearch(manifest, await io.readFile(manifest));
  const search = given || stored?.search;
  if (search === undefined)
    throw new ReplayError('expected a directory, or --manifest and the ledger on NATS');
  const file = directory === undefined ? undefined : join(directory, 'ledger.jsonl');
  const place = { ...wanted, file, search: stored?.search.metadata.uid ?? wanted.search };
  const check = await checked(place, { search, io });
  const history = withLive(check, stored?.trials ?? []);
  const spec = withTaken(search.spec, check.taken);
  return { search, uid: check.search, spec, history, problems: problemsOf(check, history), place };
}

function problemsOf({ rebuilt, problems }: SearchCheck, { trials, results }: History): string[] {
  if (rebuilt)
    return ['records were lost and rebuilt, or forked under other settings: no replay can fit'];
  const highest = [...trials, ...results].reduce((most, { index }) => Math.max(most, index), -1);
  const missing = gapsIn(
    trials.map(({ index }) => index),
    highest,
  );
  if (missing === undefined) return [...problems];
  const what = `${missing.text} ${missing.isOne ? 'has' : 'have'} neither a record of an end nor a Trial`;
  return [...problems, `${what}: not ended yet, or lost, so when it was proposed is not known`];
}

async function checked(
  place: LedgerPlace,
  { search, io }: { readonly search: BioNASSearch; readonly io: SourceIo },
): Promise<SearchCheck> {
  const checks = new Map<string, SearchCheck>();
  for await (const found of entriesOf(place, io)) {
    if ('problem' in found) throw new ReplayError(`${found.place}: ${found.problem}`);
    if (place.search !== undefined && found.search !== place.search) continue;
    const check = checks.get(found.search) ?? new SearchCheck(found.search);
    checks.set(found.search, check);
    check.add(found);
  }
  const { name } = search.metadata;
  const wanted = [...checks.values()].filter(
    (check) => place.search !== undefined || check.isOf(search),
  );
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1) return only;
  const found = wanted.map((check) => check.search).join(', ') || 'none';
  const ask = wanted.length > 1 ? '; name one by --search' : '';
  throw new ReplayError(
    `${place.file ?? place.nats}: expected records of one search ${name}, found ${found}${ask}`,
  );
}

/** With what Trials say that have not ended: it was proposed, too. */
function withLive(check: SearchCheck, trials: readonly Trial[]): History {
  const { history } = check;
  const live = trials.flatMap(({ metadata, spec }) => {
    const { purpose, index, genotype, proposedAfter } = spec;
    const isOpen = purpose === 'Search' && !check.hasEnded(metadata.uid ?? '');
    return isOpen ? [{ index, genotype, proposedAfter }] : [];
  });
  const known = [...history.trials, ...live].toSorted((a, b) => a.index - b.index);
  return { ...history, trials: known };
}

/** As it was after so many events. */
export const historyUntil = ({ trials, results }: History, events: number): History => ({
  trials: trials.filter(({ proposedAfter }) => proposedAfter <= events),
  results: results.slice(0, events),
});
