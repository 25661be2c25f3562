// What the operator knows of a search between two reconciles: the engine's state, what the search has come to, and what of its
// trials the ledger has. It is a cache: after a restart recall.ts rebuilds it from ledger and Trials (design D2).
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import { ConflictError, type Live } from '../../runtime/index.ts';
import {
  type Engine,
  type EngineProposal,
  type EngineState,
  type Next,
  type Progressing,
  type Reason,
  withEvent,
} from '../../search/index.ts';
import type { Ledger } from '../ports.ts';
import { isFinished, isPaused } from '../trial/index.ts';
import {
  type EventRecord,
  isTrialRecord,
  pauseRecord,
  promotionRecord,
  toEvent,
} from './ledger-records.ts';
import { recordOf, type TrialRecord } from './record.ts';
import { type Tally, withRecord } from './tally.ts';
import { trialName } from './trial-object.ts';

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
  /** That each of its Pods holds. */
  readonly devices: number;
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
  readonly devices: number;
  readonly #engine: Engine;
  #state: EngineState;
  #tally: Tally;
  readonly #recorded: Set<string>;
  #sequence: number;
  readonly #letGo = new Set<number>();
  /** By index, of the state that it was made of: asked of every trial, and thousands may be paused. */
  #progress:
    | { readonly of: EngineState; readonly by: ReadonlyMap<number, Progressing> }
    | undefined;
  readonly #outstanding: Map<number, Outstanding>;

  constructor(recalled: Recalled) {
    const { search, engine, state, tally, recorded, sequence, live, lost, rebuilt } = recalled;
    this.rebuilt = rebuilt;
    this.devices = recalled.devices;
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

  /** Trials that take a place, and the epochs that each is to train. */
  get training(): readonly { readonly index: number; readonly epochs: number }[] {
    return this.#state.outstanding.flatMap(([index, , { plan, paused }]) =>
      paused ? [] : [{ index, epochs: plan.epochs }],
    );
  }

  /** How many these are. */
  get active(): number {
    return this.#state.outstanding.filter(([, , { paused }]) => !paused).length;
  }

  get paused(): number {
    return this.#state.outstanding.length - this.active;
  }

  /** Nothing can promote the paused trials any more: each is to end as it is. */
  letGo(): void {
    for (const [index, , { paused }] of this.#state.outstanding) if (paused) this.#letGo.add(index);
  }

  /** How far the trial of this index is to train, as its spec is to say; undefined once it has a result. */
  fidelityOf(index: number): Trial['spec']['fidelity'] | undefined {
    const progress = this.progressOf(index);
    if (progress === undefined) return undefined;
    const { epochs, pauses } = progress.plan;
    if (!this.hasRungs) return { epochs };
    return { epochs, pause: pauses && !(progress.paused && this.#letGo.has(index)) };
  }

  /** Whether trials may pause at all. */
  get hasRungs(): boolean {
    return this.#engine.hasRungs;
  }

  /** How far the trial of this index is, while it has no result. */
  progressOf(index: number): Progressing | undefined {
    if (this.#progress?.of !== this.#state) {
      const by = new Map(this.#state.outstanding.map(([waiting, , at]) => [waiting, at]));
      this.#progress = { of: this.#state, by };
    }
    return this.#progress.by.get(index);
  }

  /** What a free place is for. */
  next(of: { readonly mayStart: boolean }): Next {
    return this.#engine.next(this.#state, of);
  }

  /** Epochs that the next trial would train, or the paused one of this index. */
  epochsOf(promoted?: number): number {
    return this.#engine.planOf(this.#state, promoted).epochs;
  }

  /** Whether the engine knows that the trial came to the rung it is at. */
  hasHeard({ spec }: Live<Trial>): boolean {
    const progress = this.progressOf(spec.index);
    return progress === undefined || progress.paused || progress.plan.epochs > spec.fidelity.epochs;
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
   * Takes over a trial that has ended or paused: into the ledger first, then to the engine.
   * @throws ConflictError where the history is not what is known here
   */
  async record(trial: Live<Trial>, search: Live<BioNASSearch>, ledger: Ledger): Promise<void> {
    const of = { search: search.metadata.uid, aims: search.spec };
    const rung = isPaused(trial) ? trial.status?.rungs?.at(-1) : undefined;
    const record = rung === undefined ? recordOf(trial, of) : pauseRecord(trial, rung, of);
    await this.#append(record, search, ledger);
  }

  /**
   * A paused trial takes a place: into the ledger first, so that a restart knows it whatever becomes of the Trial's spec.
   * @throws ConflictError where the history is not what is known here
   */
  async promote(
    trial: Live<Trial>,
    { search, ledger, time }: { search: Live<BioNASSearch>; ledger: Ledger; time: string },
  ): Promise<void> {
    const { epochs } = trial.spec.fidelity;
    const record = promotionRecord(trial, { epochs, time }, search.metadata.uid);
    await this.#append(record, search, ledger);
  }

  /** The first of these trials that has failed and was not tried again. */
  failedAmong(indices: readonly number[]): number | undefined {
    // Asked before every proposal, mostly of none.
    if (indices.length === 0) return undefined;
    const failed = new Set(this.#state.failed.map(([index]) => index));
    return indices.find((index) => failed.has(index));
  }

  /** Whether the next proposal is a failed trial's, and the algorithm not asked. */
  get hasAgain(): boolean {
    return this.#state.again.length > 0;
  }

  /** The network of a failed trial is to be proposed next: into the ledger first, so that every replay proposes it there. */
  async tryAgain(
    index: number,
    { search, ledger, time }: { search: Live<BioNASSearch>; ledger: Ledger; time: string },
  ): Promise<void> {
    const { uid, name } = search.metadata;
    const at = { search: uid, name: trialName(name, index), index, completionTime: time };
    await this.#append({ kind: 'again', ...at }, search, ledger);
  }

  async #append(unmarked: EventRecord, search: Live<BioNASSearch>, ledger: Ledger): Promise<void> {
    const record = marked(unmarked, this.rebuilt);
    this.#sequence = await appended(record, ledger, this.#sequence);
    this.#tally = withRecord(this.#tally, record, search.spec.objectives);
    const isEnd = isTrialRecord(record);
    if (isEnd) this.#recorded.add(record.trial);
    if (isEnd && !isSearch(record)) return;
    const { spec } = search;
    const { readsCurves } = this.#engine;
    const event = toEvent(record, { spec, readsCurves });
    this.#state = withEvent(this.#engine, this.#state, event);
    if (isEnd) this.#outstanding.delete(record.index);
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
  record: EventRecord,
  ledger: Ledger,
  after: number,
): Promise<number> {
  const sequence = await ledger.append(record.search, record, after);
  if (sequence !== undefined) return sequence;
  throw new ConflictError(
    `${record.name}: expected the history of its search to end at record ${after}, and it does not; it is read again`,
  );
}

export const marked = <Of extends EventRecord>(record: Of, rebuilt: boolean): Of =>
  rebuilt ? { ...record, rebuilt } : record;

/** Trials that ended or paused and of which the ledger does not know yet, in the order in which they did. */
export const unrecorded = (trials: readonly Live<Trial>[], memory: SearchMemory): Live<Trial>[] =>
  inOrderOfEnd(
    trials.filter((trial) =>
      isFinished(trial.status)
        ? !memory.has(trial.metadata.uid)
        : isPaused(trial) && !memory.hasHeard(trial),
    ),
  );

const inOrderOfEnd = (trials: readonly Live<Trial>[]): Live<Trial>[] =>
  trials.toSorted((a, b) => compareEnds(endOf(a), endOf(b)));

const endOf = ({ spec, status }: Trial): End => ({
  index: spec.index,
  completionTime: status?.completionTime ?? status?.rungs?.at(-1)?.time ?? '',
});

type End = Pick<TrialRecord, 'index' | 'completionTime'>;

/** The earlier end first. */
export const compareEnds = (a: End, b: End): number =>
  a.completionTime.localeCompare(b.completionTime) || a.index - b.index;
