// What the operator knows of a search between two reconciles: the engine's state, what the search has come to, and which
// trials the ledger has. It is a cache: after a restart recall.ts rebuilds it from ledger and Trials (design D2).
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import { ConflictError, type Live } from '../../runtime/index.ts';
import type { Engine, EngineProposal, EngineState, Reason, Result } from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { isFinished } from '../trial/index.ts';
import { recordOf, type TrialRecord } from './record.ts';
import { type Tally, withRecord } from './tally.ts';

export const toResult = ({ index, genotype, objectives, outcome }: TrialRecord): Result => ({
  index,
  genotype,
  outcome:
    outcome === 'Failed' || objectives === undefined
      ? { kind: 'failed' }
      : { kind: 'scored', objectives },
});

export const isSearch = ({ purpose }: { purpose: string }): boolean => purpose === 'Search';

export interface Recalled {
  /** UID of the search. */
  readonly search: string;
  readonly engine: Engine;
  readonly state: EngineState;
  readonly tally: Tally;
  /** UIDs of the trials that the ledger has. */
  readonly recorded: Set<string>;
  /** Of the last record, in the ledger. */
  readonly sequence: number;
  /** Proposals without a result whose Trials exist. */
  readonly live: readonly EngineProposal[];
  /** Proposals without a result whose Trials are gone. */
  readonly lost: readonly EngineProposal[];
  /** Whether the ledger had been lost: no replay comes to the same proposals again. */
  readonly rebuilt: boolean;
}

/** A proposal without a result, and whether its Trial has been seen. */
interface Outstanding {
  readonly proposal: EngineProposal;
  seen: boolean;
}

export class SearchMemory {
  /** UID of the search. */
  readonly search: string;
  /** Proposals whose Trial may not exist yet. */
  readonly uncreated: EngineProposal[];
  exhausted: Reason | undefined;
  /** Whether what became of a create is unknown: it may still come to pass, so it is repeated before anything else. */
  inDoubt = false;
  /** Whether Trials could be created from this memory: no others stood in their place that the cache had not heard of. */
  confirmed = false;
  readonly rebuilt: boolean;
  readonly #engine: Engine;
  #state: EngineState;
  #tally: Tally;
  readonly #recorded: Set<string>;
  #sequence: number;
  readonly #outstanding: Map<number, Outstanding>;

  constructor(recalled: Recalled) {
    const { search, engine, state, tally, recorded, sequence, live, lost, rebuilt } = recalled;
    this.rebuilt = rebuilt;
    this.search = search;
    this.uncreated = [...lost];
    this.#engine = engine;
    this.#state = state;
    this.#tally = tally;
    this.#recorded = recorded;
    this.#sequence = sequence;
    const outstanding = (seen: boolean) => (proposal: EngineProposal) =>
      [proposal.index, { proposal, seen }] as const;
    this.#outstanding = new Map([...live.map(outstanding(true)), ...lost.map(outstanding(false))]);
  }

  get tally(): Tally {
    return this.#tally;
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

  /** Whether the ledger has this trial (by UID). */
  has(trial: string): boolean {
    return this.#recorded.has(trial);
  }

  /**
   * Takes over a finished trial: into the ledger first, then to the engine.
   * @throws ConflictError where the history is not what is known here
   */
  async record(trial: Live<Trial>, search: Live<BioNASSearch>, ledger: Ledger): Promise<void> {
    const { objectives } = search.spec;
    const record = marked(recordOf(trial, search.metadata.uid, objectives), this.rebuilt);
    this.#sequence = await appended(record, ledger, this.#sequence);
    this.#recorded.add(record.trial);
    this.#tally = withRecord(this.#tally, record, objectives);
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

/**
 * The sequence of the record that was appended behind `after`.
 * @throws ConflictError where something else was: by another operator, or by an append that came late
 */
export async function appended(
  record: TrialRecord,
  ledger: Ledger,
  after: number,
): Promise<number> {
  const sequence = await ledger.append(record.search, record, after);
  if (sequence !== undefined) return sequence;
  throw new ConflictError(
    `${record.name}: expected the history of its search to end at record ${after}, and it does not; it is read again`,
  );
}

export const marked = (record: TrialRecord, rebuilt: boolean): TrialRecord =>
  rebuilt ? { ...record, rebuilt } : record;

/** Finished trials that are in no ledger yet, in the order in which they ended. */
export const unrecorded = (trials: readonly Live<Trial>[], memory: SearchMemory): Live<Trial>[] =>
  inOrderOfEnd(
    trials.filter(({ metadata, status }) => isFinished(status) && !memory.has(metadata.uid)),
  );

export const inOrderOfEnd = (trials: readonly Live<Trial>[]): Live<Trial>[] =>
  trials.toSorted((a, b) => compareEnds(endOf(a), endOf(b)));

const endOf = ({ spec, status }: Trial): End => ({
  index: spec.index,
  completionTime: status?.completionTime ?? '',
});

type End = Pick<TrialRecord, 'index' | 'completionTime'>;

/** The earlier end first. */
export const compareEnds = (a: End, b: End): number =>
  a.completionTime.localeCompare(b.completionTime) || a.index - b.index;
