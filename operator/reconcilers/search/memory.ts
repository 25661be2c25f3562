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
import { recordOf, TrialRecord } from './record.ts';

const toResult = ({ index, genotype, objectives, outcome }: TrialRecord): Result => ({
  index,
  genotype,
  outcome:
    outcome === 'Failed' || objectives === undefined
      ? { kind: 'failed' }
      : { kind: 'scored', objectives },
});

const isSearch = ({ purpose }: { purpose: string }): boolean => purpose === 'Search';

interface Recalled {
  readonly search: string;
  readonly engine: Engine;
  readonly state: EngineState;
  readonly records: readonly TrialRecord[];
  /** Proposals whose Trials are in no ledger yet. */
  readonly live: readonly EngineProposal[];
}

/** A proposal without a result, and whether its Trial has been seen. */
interface Outstanding {
  readonly proposal: EngineProposal;
  seen: boolean;
}

export class SearchMemory {
  /** UID of the search. */
  readonly search: string;
  /** Finished trials in the order in which the engine was told. */
  readonly records: TrialRecord[];
  /** Proposals whose Trial may not exist yet. */
  readonly uncreated: EngineProposal[] = [];
  exhausted: Reason | undefined;
  readonly #engine: Engine;
  #state: EngineState;
  readonly #recorded: Set<string>;
  readonly #outstanding: Map<number, Outstanding>;

  constructor({ search, engine, state, records, live }: Recalled) {
    this.search = search;
    this.#engine = engine;
    this.#state = state;
    this.records = [...records];
    this.#recorded = new Set(records.map(({ trial }) => trial));
    this.#outstanding = new Map(live.map((proposal) => [proposal.index, { proposal, seen: true }]));
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
    return this.#outstanding.size;
  }

  /** A Trial that was there and is gone before its end is wanted again: somebody deleted it. */
  forgetDeleted(trials: readonly Live<Trial>[]): void {
    const there = new Set(
      trials.filter(({ spec }) => isSearch(spec)).map(({ spec }) => spec.index),
    );
    for (const each of this.#outstanding.values()) {
      const isThere = there.has(each.proposal.index);
      if (each.seen && !isThere) this.uncreated.push(each.proposal);
      each.seen = isThere;
    }
  }

  has(trial: string): boolean {
    return this.#recorded.has(trial);
  }

  /** Takes over a finished trial: into the ledger first, then to the engine. */
  async record(trial: Live<Trial>, search: Live<BioNASSearch>, ledger: Ledger): Promise<void> {
    const record = recordOf(trial, search.metadata.uid, search.spec.objectives);
    await ledger.append(record.search, record.trial, record);
    this.#recorded.add(record.trial);
    this.records.push(record);
    if (!isSearch(record)) return;
    this.#state = this.#engine.tell(this.#state, toResult(record));
    this.#outstanding.delete(record.index);
  }

  /** Asks the engine for one more network; false where it has none. */
  ask(): boolean {
    const { state, proposal, none } = this.#engine.ask(this.#state);
    this.#state = state;
    if (proposal === undefined) {
      this.exhausted = none;
      return false;
    }
    this.#outstanding.set(proposal.index, { proposal, seen: false });
    this.uncreated.push(proposal);
    return true;
  }
}

/** Finished trials that are in no ledger yet, in the order in which they ended. */
export const unrecorded = (trials: readonly Live<Trial>[], memory: SearchMemory): Live<Trial>[] =>
  trials
    .filter(({ metadata, status }) => isFinished(status) && !memory.has(metadata.uid))
    .toSorted((a, b) => endOrder(a).localeCompare(endOrder(b)) || a.spec.index - b.spec.index);

const endOrder = ({ status }: Trial): string => status?.completionTime ?? '';

function proposalOf({ index, genotype, proposedAfter, parent, variation = '' }: Trial['spec']) {
  const origin = parent === undefined ? {} : { parent };
  return { index, genotype, proposedAfter, variation, ...origin };
}

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
  for await (const record of ledger.read(search.metadata.uid)) {
    records.push(TrialRecord.parse(record));
  }
  const recorded = new Set(records.map(({ trial }) => trial));
  const live = trials
    .filter(({ spec, metadata }) => isSearch(spec) && !recorded.has(metadata.uid))
    .map(({ spec }) => proposalOf(spec));
  const known = [...records.filter(isSearch), ...live];
  const proposals = known
    .map(({ index, genotype, proposedAfter }) => ({ index, genotype, proposedAfter }))
    .toSorted((a, b) => a.index - b.index);
  const results = records.filter(isSearch).map(toResult);
  const state = replay(search.spec, { trials: proposals, results });
  const engine = createEngine(search.spec);
  return new SearchMemory({ search: search.metadata.uid, engine, state, records, live });
}
