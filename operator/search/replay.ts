// A search's state from its history: proposals are made again in their order, each after the results known at the time.
// So a restarted operator goes on as if it had never stopped, and a search can be audited against its own record.
import type { Result } from './algorithm.ts';
import { createEngine, type EngineSpec, type EngineState } from './engine.ts';

/** What a Trial's spec keeps of its proposal. */
export interface ProposedTrial {
  readonly index: number;
  /** Canonical text. */
  readonly genotype: string;
  readonly proposedAfter: number;
}

export interface History {
  /** By index, from 0 without gaps. */
  readonly trials: readonly ProposedTrial[];
  /** In the order in which the search was told. */
  readonly results: readonly Result[];
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

/** Throws HistoryMismatchError, and UnexpectedResultError where the results do not fit the trials. */
export function replay(spec: EngineSpec, { trials, results }: History): EngineState {
  const engine = createEngine(spec);
  let state = engine.initial;
  const tellUpTo = (count: number) => {
    for (const result of results.slice(state.told, count)) state = engine.tell(state, result);
  };

  for (const [index, trial] of trials.entries()) {
    if (trial.index !== index) {
      throw new HistoryMismatchError(index, `index ${trial.index}`, `index ${index}`);
    }
    tellUpTo(trial.proposedAfter);
    if (state.told !== trial.proposedAfter) {
      const got = `${state.told} results before it`;
      throw new HistoryMismatchError(index, `${trial.proposedAfter} results before it`, got);
    }
    const { state: next, proposal, none } = engine.ask(state);
    const got = proposal?.genotype ?? none?.message ?? 'nothing';
    if (got !== trial.genotype) throw new HistoryMismatchError(index, trial.genotype, got);
    state = next;
  }
  tellUpTo(results.length);
  return state;
}
