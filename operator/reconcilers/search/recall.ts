// Rebuilds the memory of a search from its ledger and its Trials, by replaying the engine (design D2). Where the ledger lost
// records, what Trials still say is taken over as it is.
import type { BioNASSearch, Objective, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import {
  createEngine,
  type ProposedTrial,
  type Result,
  replay,
  takeOver,
} from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { isFinished } from '../trial/index.ts';
import {
  appended,
  compareEnds,
  inOrderOfEnd,
  isSearch,
  marked,
  SearchMemory,
  toResult,
} from './memory.ts';
import { recordOf, TrialRecord } from './record.ts';
import { NOTHING_YET, withRecord } from './tally.ts';

/** What a replay needs of the records, and where they end; the rest of 50,000 of them would fill the memory. */
class History {
  readonly recorded = new Set<string>();
  readonly proposals: ProposedTrial[] = [];
  readonly results: (Result & Pick<TrialRecord, 'completionTime'>)[] = [];
  tally = NOTHING_YET;
  rebuilt = false;
  sequence = 0;

  add(record: TrialRecord, sequence: number, objectives: readonly Objective[]): void {
    this.sequence = sequence;
    this.recorded.add(record.trial);
    this.rebuilt ||= record.rebuilt === true;
    this.tally = withRecord(this.tally, record, objectives);
    if (!isSearch(record)) return;
    const { index, genotype, proposedAfter, completionTime } = record;
    this.proposals.push({ index, genotype, proposedAfter });
    this.results.push({ ...toResult(record), completionTime });
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
  for await (const { record, sequence } of ledger.read(uid))
    known.add(TrialRecord.parse(record), sequence, objectives);
  known.rebuilt ||= lostSome(known, trials);
  const missing = trials.filter(
    ({ metadata, status }) => isFinished(status) && !known.recorded.has(metadata.uid),
  );
  for (const trial of inOrderOfEnd(missing)) {
    const record = marked(recordOf(trial, uid, objectives), known.rebuilt);
    known.add(record, await appended(record, ledger, known.sequence), objectives);
  }
  return known;
}

/** A trial was proposed when the ledger held more than it does now: it was lost, and with it the order of the results. */
const lostSome = ({ results }: History, trials: readonly Live<Trial>[]): boolean =>
  trials.some(({ spec }) => isSearch(spec) && spec.proposedAfter > results.length);

/**
 * The memory of a search after a restart. A Trial that somebody deleted meanwhile is proposed again.
 * @throws HistoryMismatchError where the engine would not propose what was proposed
 * @throws ConflictError where somebody else appended meanwhile
 */
export async function recall(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  ledger: Ledger,
): Promise<SearchMemory> {
  const known = await history(search, trials, ledger);
  const { recorded, sequence, results, tally, rebuilt } = known;
  const live = trials
    .filter(({ spec, metadata }) => isSearch(spec) && !recorded.has(metadata.uid))
    .map(({ spec }) => proposalOf(spec));
  const proposed = [...known.proposals, ...live].toSorted((a, b) => a.index - b.index);
  const { state, lost } = rebuilt
    ? takeOver(search.spec, { trials: proposed, results: results.toSorted(compareEnds) })
    : replay(search.spec, { trials: proposed, results });
  const engine = createEngine(search.spec);
  const of = { search: search.metadata.uid, engine };
  return new SearchMemory({ ...of, state, tally, recorded, sequence, live, lost, rebuilt });
}

function proposalOf({ index, genotype, proposedAfter, parent, variation = '' }: Trial['spec']) {
  const origin = parent === undefined ? {} : { parent };
  return { index, genotype, proposedAfter, variation, ...origin };
}
