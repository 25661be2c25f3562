// What the operator knows of a search between two reconciles: the engine's state and the ledger's records.
// It is a cache: after a restart it is rebuilt from ledger and Trials by replaying the engine (design D2).
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import {
  createEngine,
  type Engine,
  type EngineProposal,
  type EngineState,
  type Reason,
  type Result,
  replay,
} from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { isFinished } from '../trial/index.ts';
import { recordKey, recordOf, TrialRecord } from './record.ts';

const toResult = ({ index, genotype, objectives, outcome }: TrialRecord): Result => ({
  index,
  genotype,
  outcome:
    outcome === 'Failed' || objectives === undefined
      ? { kind: 'failed' }
      : { kind: 'scored', objectives },
});

const isSearch = ({ purpose }: { purpose: string }): boolean => purpose === 'Search';

export class SearchMemory {
  /** Finished trials in the order in which the engine was told. */
  readonly records: TrialRecord[];
  /** Proposals whose Trial may not exist yet. */
  readonly uncreated: EngineProposal[] = [];
  exhausted: Reason | undefined;
  readonly #engine: Engine;
  #state: EngineState;
  readonly #recorded: Set<string>;

  constructor(engine: Engine, state: EngineState, records: readonly TrialRecord[]) {
    this.#engine = engine;
    this.#state = state;
    this.records = [...records];
    this.#recorded = new Set(records.map(({ trial }) => trial));
  }

  get searched(): readonly TrialRecord[] {
    return this.records.filter(isSearch);
  }

  get final(): readonly TrialRecord[] {
    return this.records.filter((record) => !isSearch(record));
  }

  get proposed(): number {
    return this.#state.algorithm.proposed;
  }

  get outstanding(): number {
    return Object.keys(this.#state.outstanding).length;
  }

  has(trial: string): boolean {
    return this.#recorded.has(trial);
  }

  /** Takes over a finished trial: into the ledger first, then to the engine. */
  async record(trial: Live<Trial>, search: Live<BioNASSearch>, ledger: Ledger): Promise<void> {
    const record = recordOf(trial, search.metadata.uid, search.spec.objectives);
    await ledger.append(recordKey(record), record);
    this.#recorded.add(record.trial);
    this.records.push(record);
    if (isSearch(record)) this.#state = this.#engine.tell(this.#state, toResult(record));
  }

  /** Asks the engine for one more network; false where it has none. */
  ask(): boolean {
    const { state, proposal, none } = this.#engine.ask(this.#state);
    this.#state = state;
    if (proposal === undefined) this.exhausted = none;
    else this.uncreated.push(proposal);
    return proposal !== undefined;
  }
}

/** Finished trials that are in no ledger yet, in the order in which they ended. */
export const unrecorded = (trials: readonly Live<Trial>[], memory: SearchMemory): Live<Trial>[] =>
  trials
    .filter(({ metadata, status }) => isFinished(status) && !memory.has(metadata.uid))
    .toSorted((a, b) => endOrder(a).localeCompare(endOrder(b)) || a.spec.index - b.spec.index);

const endOrder = ({ status }: Trial): string => status?.completionTime ?? '';

/**
 * Rebuilds the memory of a search from its ledger and the Trials that are in no ledger yet.
 * @throws HistoryMismatchError where the engine would not propose what was proposed
 */
export async function recall(
  search: Live<BioNASSearch>,
  trials: readonly Live<Trial>[],
  ledger: Ledger,
): Promise<SearchMemory> {
  const records: TrialRecord[] = [];
  for await (const { record } of ledger.read()) {
    const parsed = TrialRecord.parse(record);
    if (parsed.search === search.metadata.uid) records.push(parsed);
  }
  const recorded = new Set(records.map(({ trial }) => trial));
  const live = trials
    .filter(({ spec, metadata }) => isSearch(spec) && !recorded.has(metadata.uid))
    .map(({ spec }) => spec);
  const known = [...records.filter(isSearch), ...live];
  const proposals = known
    .map(({ index, genotype, proposedAfter }) => ({ index, genotype, proposedAfter }))
    .toSorted((a, b) => a.index - b.index);
  const results = records.filter(isSearch).map(toResult);
  const state = replay(search.spec, { trials: proposals, results });
  return new SearchMemory(createEngine(search.spec), state, records);
}
