// Multi-start local search (White, Nolen & Savani 2021): from the best of some random networks to a better neighbour as long as
// there is one, then again from others. Nobody waits: while the last neighbours of a network are in flight, those who ask for
// work draw the starts of the next climb.
import { parseGenotype, settingsOf } from '../../../crds/index.ts';
import type { AlgorithmState, Asked, Result, SearchAlgorithm } from '../algorithm.ts';
import { initialState, newText, proposalRandom, propose, proposeRandom } from '../proposing.ts';
import { Random } from '../random.ts';
import { compareScored, type Scored, scoredOf } from '../ranking.ts';
import { type Neighbour, neighbourhood } from '../variation/index.ts';

interface Network extends Scored {
  readonly genotype: string;
}

export interface LocalSearchState extends AlgorithmState {
  /** Random networks of which a climb begins at the best. */
  readonly starts: number;
  /** Whether a climb goes to the first better neighbour, or to the best of all. */
  readonly step: 'first' | 'best';
  /** Climbs begun before this one. */
  readonly climb: number;
  /** Where this climb stands; null while its starts are awaited. */
  readonly here: Network | null;
  /** The best neighbour so far that is better than `here`. */
  readonly next: Network | null;
  /** Neighbours of `here`, in their order, that were proposed by now. */
  readonly tried: number;
  /** Whether those are all. */
  readonly spent: boolean;
  /** Scored starts of the climb to come. */
  readonly waiting: readonly Network[];
  /** Proposals without a result, and the climb that each is of. */
  readonly inFlight: readonly (readonly [index: number, climb: number])[];
}

export const localSearch: SearchAlgorithm<LocalSearchState> = {
  init: (settings, context) => ({
    ...initialState(context),
    ...settingsOf('local-search', settings),
    climb: 0,
    here: null,
    next: null,
    tried: 0,
    spent: false,
    waiting: [],
    inFlight: [],
  }),

  ask(state) {
    const { proposal, none, state: after } = seek(state);
    return proposal === undefined ? { state, none } : { state: after, proposal };
  },

  tell(state, result) {
    // A trial of another engine's asking, as after a lost ledger, counts for this climb.
    const [, climb] = state.inFlight.find(([index]) => index === result.index) ?? [0, state.climb];
    const left = state.inFlight.filter(([index]) => index !== result.index);
    return settle(take({ ...state, inFlight: left }, result, climb));
  },
};

/** A new neighbour of where the climb stands; where there is none, a start of this climb or the next. */
function seek(state: LocalSearchState): Asked<LocalSearchState> {
  const { here, spent, climb } = state;
  if (here === null || spent) {
    const random = proposeRandom(state, proposalRandom(state));
    return inFlight(random, here === null ? climb : climb + 1);
  }
  return proposeNeighbour(state, here) ?? seek(settle({ ...state, spent: true }));
}

function proposeNeighbour(
  state: LocalSearchState,
  here: Network,
): Asked<LocalSearchState> | undefined {
  const order = new Random(state.random).split(`neighbours of ${here.index}`);
  const neighbours = neighbourhood(parseGenotype(here.genotype), state.space, order);
  for (let tried = state.tried; tried < neighbours.length; tried += 1) {
    const neighbour = neighbours[tried] as Neighbour;
    const drawn = newText(state, neighbour.apply());
    if (drawn === undefined) continue;
    const origin = { parent: here.index, variation: neighbour.change() };
    return inFlight(propose({ ...state, tried: tried + 1 }, drawn, origin), state.climb);
  }
  return undefined;
}

function inFlight(asked: Asked<LocalSearchState>, climb: number): Asked<LocalSearchState> {
  if (asked.proposal === undefined) return asked;
  const { proposal, state } = asked;
  return { proposal, state: { ...state, inFlight: [...state.inFlight, [proposal.index, climb]] } };
}

/** What a result is to the climb: a start of it or of the next one, or a neighbour that may be better. */
function take(state: LocalSearchState, result: Result, climb: number): LocalSearchState {
  const scored = scoredOf(result);
  if (scored === undefined) return state;
  const network = { ...scored, genotype: result.genotype };
  const { here, next } = state;
  if (here === null || climb > state.climb)
    return { ...state, waiting: [...state.waiting, network] };
  const better = compareScored(state.objectives)(network, next ?? here) < 0;
  return better ? { ...state, next: network } : state;
}

/** Goes where the results lead: to a better neighbour, or from a local optimum to the best of the next starts. */
function settle(state: LocalSearchState): LocalSearchState {
  const { here, next, waiting } = state;
  const all = state.spent && !state.inFlight.some(([, climb]) => climb === state.climb);
  if (next !== null && (state.step === 'first' || all)) return standing(state, next);
  if (here !== null && all) return settle({ ...state, here: null, climb: state.climb + 1 });
  if (here !== null || waiting.length < state.starts) return state;
  const [best] = waiting.toSorted(compareScored(state.objectives));
  return best === undefined ? state : { ...standing(state, best), waiting: [] };
}

const standing = (state: LocalSearchState, here: Network): LocalSearchState => ({
  ...state,
  here,
  next: null,
  tried: 0,
  spent: false,
});
