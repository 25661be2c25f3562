// A search's state from its history: proposals are made again in their order, each after the results known at the time.
// So a restarted operator goes on as if it had never stopped, and a search can be audited against its own record.
import {
  createEngine,
  type Engine,
  type EngineProposal,
  type EngineSpec,
  type EngineState,
  type Heard,
} from './engine.ts';

/** What a Trial's spec keeps of its proposal. */
export interface ProposedTrial {
  readonly index: number;
  /** Canonical text. */
  readonly genotype: string;
  readonly proposedAfter: number;
}

/** The end of a trial, where it says nothing else; its pause at a rung; that it went on from there; or that it failed and is to be tried again. */
export type HistoryEvent =
  | (Heard & { readonly kind?: 'pause' })
  | { readonly kind: 'promotion'; readonly index: number }
  | { readonly kind: 'again'; readonly index: number };

export interface History {
  /** By index. A gap is a proposal whose record was lost: the engine makes it again. */
  readonly trials: readonly ProposedTrial[];
  /** In the order in which the search was told. */
  readonly results: readonly HistoryEvent[];
}

/** By genotype, the last trial that has it: one behind a failed trial tries that again. */
export const lastOf = (trials: History['trials']): ReadonlyMap<string, number> =>
  new Map(trials.map(({ genotype, index }) => [genotype, index]));

/** The state after the event, as a fact. */
export function withEvent(engine: Engine, state: EngineState, event: HistoryEvent): EngineState {
  if (event.kind === 'promotion') return engine.promote(state, event.index);
  if (event.kind === 'again') return engine.tryAgain(state, event.index);
  const { kind, ...heard } = event;
  return kind === 'pause' ? engine.pause(state, heard) : engine.tell(state, heard);
}

/** The record is not what this spec and these results lead to. */
export class HistoryMismatchError extends Error {
  override readonly name = 'HistoryMismatchError';
  readonly index: number;
  /** What the record says. */
  readonly expected: string;
  /** What the replay came to. */
  readonly got: string;

  constructor(index: number, expected: string, got: string) {
    super(
      `trial ${index} of the history: expected ${expected}, as recorded, got ${got}. The seed, search space, objectives or ` +
        'algorithm were edited, results are missing or in another order, or another version proposed it. Restore what ' +
        'was changed, or start a new search',
    );
    this.index = index;
    this.expected = expected;
    this.got = got;
  }
}

export interface Replayed {
  readonly state: EngineState;
  /** What stands in the gaps of the history: proposed, without a result. */
  readonly lost: readonly EngineProposal[];
}

/**
 * `seen` is told of every proposal as it is made, of one that is not as recorded before the mismatch is thrown.
 * Throws HistoryMismatchError, and UnexpectedResultError where the results do not fit the trials.
 */
export function replay(
  spec: EngineSpec,
  { trials, results }: History,
  seen: (proposal: EngineProposal) => void = () => {},
): Replayed {
  const engine = createEngine(spec);
  const lost: EngineProposal[] = [];
  let state = engine.initial;
  const tellUpTo = (count: number) => {
    for (const event of results.slice(state.told, count)) {
      if (event.kind === 'promotion') checkPromotion(engine, state, event.index);
      state = withEvent(engine, state, event);
    }
  };
  const last = lastOf(trials);
  /** A gap is no other try of a failed trial where the record of that is further on. */
  const fill = (wanted: ProposedTrial): EngineProposal => {
    const { again } = state;
    const isThere = (last.get(again[0]?.[1] ?? '') ?? -1) >= wanted.index;
    if (isThere) state = { ...state, again: [] };
    const proposal = ask(wanted);
    if (isThere) state = { ...state, again };
    return proposal;
  };
  const ask = (wanted: ProposedTrial): EngineProposal => {
    const place = engine.next(state, { mayStart: true });
    if (place.kind === 'promote')
      throw new HistoryMismatchError(
        wanted.index,
        'a new network',
        `trial ${place.index} promoted`,
      );
    const { state: next, proposal, none } = engine.ask(state);
    state = next;
    if (proposal !== undefined) {
      seen(proposal);
      return proposal;
    }
    throw new HistoryMismatchError(wanted.index, wanted.genotype, none?.message ?? 'nothing');
  };

  for (const trial of trials) {
    tellUpTo(trial.proposedAfter);
    checkPlace(trial, state);
    while (state.algorithm.proposed < trial.index) lost.push(fill(trial));
    const { genotype } = ask(trial);
    if (genotype !== trial.genotype)
      throw new HistoryMismatchError(trial.index, trial.genotype, genotype);
  }
  tellUpTo(results.length);
  return { state, lost };
}

/** Whether there might have been a new network instead is not known any more. */
function checkPromotion(engine: Engine, state: EngineState, index: number): void {
  const decided = [true, false].map((mayStart) => engine.next(state, { mayStart }));
  if (decided.some((next) => next.kind === 'promote' && next.index === index)) return;
  const [first] = decided;
  const got = first?.kind === 'promote' ? `that of trial ${first.index}` : 'none';
  throw new HistoryMismatchError(index, 'its promotion', got);
}

function checkPlace({ index, proposedAfter }: ProposedTrial, state: EngineState): void {
  if (state.told !== proposedAfter) {
    const got = `${state.told} results before it`;
    throw new HistoryMismatchError(index, `${proposedAfter} results before it`, got);
  }
  if (index < state.algorithm.proposed)
    throw new HistoryMismatchError(index, 'one trial of this index', 'two');
}
