// Rebuilds the memory of a search from its ledger and its Trials, by replaying the engine (design D2).
import type { BioNASSearch, Objective, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { createEngine, type ProposedTrial, type Result, replay } from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { isFinished } from '../trial/index.ts';
import { inOrderOfEnd, isSearch, SearchMemory, toResult } from './memory.ts';
import { recordOf, TrialRecord } from './record.ts';
import { NOTHING_YET, withRecord } from './tally.ts';

/** What a replay needs of the records; the rest of 50,000 of them would fill the memory. */
class History {
  readonly recorded = new Set<string>();
  readonly proposals: ProposedTrial[] = [];
  readonly results: Result[] = [];
  tally = NOTHING_YET;

  add(record: TrialRecord, objectives: readonly Objective[]): void {
    this.recorded.add(record.trial);
    this.tally = withRecord(this.tally, record, objectives);
    if (!isSearch(record)) return;
    const { index, genotype, proposedAfter } = record;
    this.proposals.push({ index, genotype, proposedAfter });
    this.results.push(toResult(record));
  }
}

/** The ledger's records, and after them those of Trials that ended while no operator looked. */
async function history(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  ledger: Ledger,
): Promise<History> {
  const { uid } = search.metadata;
  const { objectives } = search.spec;
  const known = new History();
  for await (const entry of ledger.read(uid)) known.add(TrialRecord.parse(entry), objectives);
  const missing = trials.filter(
    ({ metadata, status }) => isFinished(status) && !known.recorded.has(metadata.uid),
  );
  for (const trial of inOrderOfEnd(missing)) {
    const record = recordOf(trial, uid, objectives);
    await ledger.append(uid, record.trial, record);
    known.add(record, objectives);
  }
  return known;
}

/**
 * The memory of a search after a restart. A Trial that somebody deleted meanwhile is proposed again.
 * @throws HistoryMismatchError where the engine would not propose what was proposed
 */
export async function recall(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  ledger: Ledger,
): Promise<SearchMemory> {
  const { recorded, proposals, results, tally } = await history(search, trials, ledger);
  const live = trials
    .filter(({ spec, metadata }) => isSearch(spec) && !recorded.has(metadata.uid))
    .map(({ spec }) => proposalOf(spec));
  const known = [...proposals, ...live].toSorted((a, b) => a.index - b.index);
  const { state, lost } = replay(search.spec, { trials: known, results });
  const engine = createEngine(search.spec);
  return new SearchMemory({
    search: search.metadata.uid,
    engine,
    state,
    tally,
    recorded,
    live,
    lost,
  });
}

function proposalOf({ index, genotype, proposedAfter, parent, variation = '' }: Trial['spec']) {
  const origin = parent === undefined ? {} : { parent };
  return { index, genotype, proposedAfter, variation, ...origin };
}
