// The interface of search algorithms: init/ask/tell over plain data (design D2). Members are in algorithms/; every one
// passes test/cases/algorithm.cases.ts.
import type { Algorithm, Objective, SearchReason, SearchSpace } from '../../crds/index.ts';
import type { RandomState } from './random.ts';
import type { Seen } from './seen.ts';

export type AlgorithmSettings = Algorithm['settings'];

/** What a search is about, whatever the algorithm. */
export interface SearchContext {
  readonly space: SearchSpace;
  readonly seed: number;
  readonly objectives: readonly Objective[];
}

/** What every algorithm's state holds; a member adds its own. Plain JSON: it may be stored and read back at any point. */
export interface AlgorithmState {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  /** Root generator; proposal i draws from its split `proposal i` alone. */
  readonly random: RandomState;
  /** Proposals ever made, which is the index of the next one. */
  readonly proposed: number;
  /** Genotypes ever proposed, whatever became of them. */
  readonly seen: Seen;
}

/** A network to train, or a supernet. */
export interface Proposal {
  /** Place in the search, from 0 without gaps. */
  readonly index: number;
  /** Canonical text; of a supernet, which derives a network only while it is trained, its number. */
  readonly genotype: string;
  /** Absent where it is a network. */
  readonly kind?: 'Supernet';
  /** Index of the trial it was varied from; absent where it was drawn at random. */
  readonly parent?: number;
  /** What was varied, for people. */
  readonly variation: string;
}

/** A word of the contract for programs and a sentence for people. */
export interface Reason {
  readonly reason: SearchReason;
  readonly message: string;
}

export type Asked<State, Made extends Proposal = Proposal> =
  | { readonly state: State; readonly proposal: Made; readonly none?: undefined }
  | { readonly state: State; readonly none: Reason; readonly proposal?: undefined };

/**
 * What became of a proposal; objectives in the order of the search's, in the metric's own sign. `violation` (violationOf, above 0) is
 * there where it is outside of the search's constraints; `infeasible` was found to be so before it was trained.
 */
export type Outcome =
  | {
      readonly kind: 'scored';
      readonly objectives: readonly number[];
      readonly violation?: number;
    }
  | { readonly kind: 'infeasible'; readonly violation: number }
  | { readonly kind: 'failed' };

export interface Result {
  readonly index: number;
  /** Canonical text, as proposed. */
  readonly genotype: string;
  readonly outcome: Outcome;
}

/**
 * Pure: the same state and argument give the same answer, and no argument is changed.
 *
 * `ask` proposes a network of the space that was never proposed before (a proposal in flight and a failed one count), or a
 * supernet, or says why there is none, and then its state is the one it was given: a replay does not repeat it. `SpaceExhausted`
 * is final, since no result can bring a network back. It may be called any
 * number of times before the first `tell`: it never waits for results, and knows nothing of budgets (budget.ts).
 *
 * `tell` is called at most once a proposal, in any order. `scored` may steer later proposals (a diverged trial is
 * scored, badly), and so does `infeasible`, as one that is worse than all feasible ones; `failed` steers nothing, but that it is awaited no longer: the network is not proposed again and
 * leaves no mark otherwise.
 */
export interface SearchAlgorithm<State extends AlgorithmState = AlgorithmState> {
  init(settings: AlgorithmSettings, context: SearchContext): State;
  ask(state: State): Asked<State>;
  tell(state: State, result: Result): State;
}
