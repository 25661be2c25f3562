// Rebuilds the memory of a search from its ledger and its Trials, by replaying the engine (design D2). Where the ledger lost
// records, what Trials still say is taken over as it is.
import type { BioNASSearch, BioNASSearchSpec, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import {
  createEngine,
  type EngineProposal,
  type EngineSpec,
  type HistoryEvent,
  type ProposedTrial,
  replay,
  takeOver,
} from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import {
  isTrialRecord,
  isWarmStart,
  isYounger,
  type LedgerRecord,
  recordSchema,
  toEvent,
  type WarmStartRecord,
} from './ledger-records.ts';
import { appended, compareEnds, isSearch, marked, SearchMemory } from './memory.ts';
import { missingRecords, NONE_PASSED, type Passed, promotionsOf } from './missing-records.ts';
import type { TrialRecord } from './record.ts';
import { NOTHING_YET, withRecord } from './tally.ts';

/** What a replay needs of the records, and where they end; the rest of 50,000 of them would fill the memory. */
class History {
  readonly recorded = new Set<string>();
  readonly proposals: ProposedTrial[] = [];
  readonly results: (HistoryEvent & Pick<TrialRecord, 'completionTime'>)[] = [];
  /** Of each trial by UID, pauses and promotions. */
  readonly rungs = new Map<string, Passed>();
  readonly #reading: { readonly spec: BioNASSearchSpec; readonly readsCurves: boolean };
  tally = NOTHING_YET;
  warmStart: WarmStartRecord | undefined;
  rebuilt = false;
  sequence = 0;

  constructor(spec: BioNASSearchSpec, readsCurves: boolean) {
    this.#reading = { spec, readsCurves };
  }

  add(record: LedgerRecord, sequence: number): void {
    const { objectives } = this.#reading.spec;
    this.sequence = sequence;
    if (isWarmStart(record)) {
      this.warmStart = record;
      return;
    }
    this.rebuilt ||= record.rebuilt === true;
    this.tally = withRecord(this.tally, record, objectives);
    if (isTrialRecord(record)) this.recorded.add(record.trial);
    else if (record.kind !== 'again') this.#pass(record);
    if (isTrialRecord(record) && !isSearch(record)) return;
    const { completionTime } = record;
    this.results.push({ ...toEvent(record, this.#reading), completionTime });
    if (!isTrialRecord(record)) return;
    const { index, genotype, proposedAfter } = record;
    this.proposals.push({ index, genotype, proposedAfter });
  }

  #pass({ trial, kind }: { readonly trial: string; readonly kind: 'pause' | 'promotion' }): void {
    const passed = this.rungs.get(trial) ?? NONE_PASSED;
    this.rungs.set(trial, { ...passed, [kind]: passed[kind] + 1 });
  }
}

/** What lies in the history of a search and is no record: other searches go on, and this one once it is mended. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

function readRecord(
  record: unknown,
  { search, sequence }: { readonly search: BioNASSearch; readonly sequence: number },
): LedgerRecord {
  const { data, error } = recordSchema(record).safeParse(record);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const advice = isYounger(record) ? '' : '; bionas ledger verify lists all such, remove them';
  throw new UnreadableRecordError(
    `${search.metadata.name}: expected a record at ${sequence} of its history, got ${issue?.path.join('.') || 'a value'}: ${issue?.message}${advice}`,
    { cause: error },
  );
}

/** The ledger's records, and after them those of Trials that ended or paused while no operator looked. */
async function history(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  { ledger, readsCurves }: { readonly ledger: Ledger; readonly readsCurves: boolean },
): Promise<History> {
  const { uid } = search.metadata;
  const known = new History(search.spec, readsCurves);
  for await (const { record, sequence } of ledger.read(uid))
    known.add(readRecord(record, { search, sequence }), sequence);
  known.rebuilt ||= lostSome(search, known, trials);
  for (const missing of missingRecords(search, trials, known)) {
    const record = marked(missing, known.rebuilt);
    known.add(record, await appended(record, ledger, known.sequence));
  }
  return known;
}

/**
 * A trial was proposed when the ledger held more than it does now, or was promoted and the ledger does not know: it was lost,
 * and with it the order of the results. So was what came of another search, where trials are there without it.
 */
const lostSome = (
  { spec }: BioNASSearch,
  { results, rungs, recorded, warmStart }: History,
  trials: readonly Live<Trial>[],
): boolean =>
  (spec.warmStart?.search !== undefined && warmStart === undefined && trials.length > 0) ||
  trials.some(
    (trial) =>
      isSearch(trial.spec) &&
      !recorded.has(trial.metadata.uid) &&
      (trial.spec.proposedAfter > results.length ||
        promotionsOf(trial) > (rungs.get(trial.metadata.uid) ?? NONE_PASSED).promotion),
  );

/**
 * The memory of a search after a restart. A Trial that somebody deleted meanwhile is proposed again.
 * @throws HistoryMismatchError where the engine would not propose what was proposed
 * @throws ConflictError where somebody else appended meanwhile
 */
export async function recall(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  { ledger, devices }: { readonly ledger: Ledger; readonly devices: number },
): Promise<SearchMemory> {
  const { readsCurves } = createEngine(search.spec);
  const known = await history(search, trials, { ledger, readsCurves });
  const spec = withTaken(search.spec, known.warmStart);
  const engine = createEngine(spec);
  const { recorded, sequence, results, tally, rebuilt } = known;
  const live = trials
    .filter(({ spec, metadata }) => isSearch(spec) && !recorded.has(metadata.uid))
    .map(({ spec }) => proposalOf(spec));
  const proposed = [...known.proposals, ...live].toSorted((a, b) => a.index - b.index);
  const { state, lost } = rebuilt
    ? takeOver(spec, { trials: proposed, results: results.toSorted(compareEnds) })
    : replay(spec, { trials: proposed, results });
  const of = { search: search.metadata.uid, engine, devices };
  return new SearchMemory({ ...of, state, tally, recorded, sequence, live, lost, rebuilt });
}

/** What the engine is made of, with what was taken from another search. */
export const withTaken = (
  spec: BioNASSearchSpec,
  record: Pick<WarmStartRecord, 'genotypes' | 'told'> | undefined,
): EngineSpec =>
  record === undefined ? spec : { ...spec, taken: record.genotypes, told: record.told ?? [] };

function proposalOf({
  index,
  kind,
  genotype,
  proposedAfter,
  parent,
  variation = '',
}: Trial['spec']): EngineProposal {
  const origin = parent === undefined ? {} : { parent };
  const what = kind === 'Supernet' ? { kind } : {};
  return { index, genotype, proposedAfter, variation, ...origin, ...what };
}
