// Regularized (aging) evolution (Real, Aggarwal, Huang & Le 2019, Algorithm 1): a parent is the best of a random sample of
// the population, its mutated child joins when it is scored, and the oldest member leaves, however good it is.
import { parseGenotype, settingsOf } from '../../../crds/index.ts';
import type {
  AlgorithmSettings,
  AlgorithmState,
  Asked,
  Result,
  SearchAlgorithm,
  SearchContext,
} from '../algorithm.ts';
import { nondominatedFronts } from '../nondominated-sort.ts';
import { initialState, newText, proposalRandom, propose, proposeRandom } from '../proposing.ts';
import type { Random } from '../random.ts';
import { best, type Scored, scoredOf } from '../ranking.ts';
import { type MutationOdds, mutations } from '../variation/index.ts';

interface Member extends Scored {
  readonly genotype: string;
}

export interface EvolutionState extends AlgorithmState {
  /** Members alive, P. */
  readonly size: number;
  /** Draws with replacement of which the best is the parent, S. */
  readonly sample: number;
  readonly odds: MutationOdds;
  /** What the best of a sample is: by the first objective, or any that the sample does not dominate. */
  readonly tournament: 'first' | 'pareto';
  /** By age, in the order of their results: the oldest first. */
  readonly population: readonly Member[];
}

export const regularizedEvolution: SearchAlgorithm<EvolutionState> = {
  init(settings: AlgorithmSettings, context: SearchContext) {
    const taken = settingsOf('regularized-evolution', settings);
    return {
      ...initialState(context),
      size: taken.population,
      sample: taken.sample,
      tournament: taken.tournament,
      odds: {
        rule: taken.mutateRule,
        operation: taken.mutateOperation,
        wiring: taken.mutateWiring,
      },
      population: [],
    };
  },

  /** Random ones until the population is full, then children; with many in flight, more random ones. */
  ask(state) {
    const random = proposalRandom(state);
    if (state.population.length < state.size) return proposeRandom(state, random);
    return proposeChild(state, random) ?? proposeRandom(state, random);
  },

  tell(state, result: Result) {
    const scored = scoredOf(result);
    if (scored === undefined) return state;
    const member = { ...scored, genotype: result.genotype };
    return { ...state, population: [...state.population, member].slice(-state.size) };
  },
};

/** Undefined where every neighbour of the parent was proposed before. */
function proposeChild(state: EvolutionState, random: Random): Asked<EvolutionState> | undefined {
  const parent = parentOf(state, random);
  const parentGenotype = parseGenotype(parent.genotype);
  for (const { genotype, change } of mutations(parentGenotype, state.space, state.odds, random)) {
    const drawn = newText(state, genotype);
    if (drawn !== undefined)
      return propose(state, drawn, { parent: parent.index, variation: change });
  }
  return undefined;
}

function parentOf(state: EvolutionState, random: Random): Member {
  const { population, objectives } = state;
  const sample = Array.from({ length: state.sample }, () => random.choice(population));
  if (state.tournament === 'pareto') {
    const [front = sample] = nondominatedFronts([...new Set(sample)], objectives);
    return random.choice(front);
  }
  const [first] = best(sample, objectives, 1);
  return first ?? random.choice(population);
}
