// NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002) over genes: parents by binary tournament on front and crowding, uniform
// crossover, some genes drawn anew. Nobody waits for a generation: whoever ends joins the offspring of the day, and when there
// are as many of them as parents, the fittest of both are the next parents. With results in batches of a population, and told
// before the next is asked for, that is the published algorithm.
import { parseGenotype, settingsOf } from '../../../crds/index.ts';
import type { AlgorithmState, SearchAlgorithm } from '../algorithm.ts';
import { fittest, type Placed } from '../fittest.ts';
import {
  type Draw,
  initialState,
  proposalRandom,
  proposeDrawn,
  proposeRandom,
} from '../proposing.ts';
import type { Random } from '../random.ts';
import { type Scored, scoredOf } from '../ranking.ts';
import { fromGenes, type Genes, geneSizes, toGenes } from '../variation/index.ts';

interface Member extends Scored {
  readonly genotype: string;
}

export interface Nsga2State extends AlgorithmState {
  /** Parents, N, and offspring of a generation. */
  readonly size: number;
  /** Probability that a child has genes of two parents. */
  readonly crossover: number;
  /** Genes of a child drawn anew, on average. */
  readonly mutatedGenes: number;
  /** Best first; empty until the first N results are there. */
  readonly parents: readonly Placed<Member>[];
  /** Results since the parents were chosen, fewer than N. */
  readonly offspring: readonly Member[];
}

export const nsga2: SearchAlgorithm<Nsga2State> = {
  init(settings, context) {
    const { population, crossover, mutatedGenes } = settingsOf('nsga2', settings);
    const first = { parents: [], offspring: [] };
    return { ...initialState(context), size: population, crossover, mutatedGenes, ...first };
  },

  ask(state) {
    const random = proposalRandom(state);
    if (state.parents.length === 0) return proposeRandom(state, random);
    return proposeDrawn(state, random, () => breed(state, random));
  },

  tell(state, result) {
    const scored = scoredOf(result);
    if (scored === undefined) return state;
    const { size, parents, objectives } = state;
    const offspring = [...state.offspring, { ...scored, genotype: result.genotype }];
    if (offspring.length < size) return { ...state, offspring };
    return {
      ...state,
      parents: fittest([...parents, ...offspring], objectives, size),
      offspring: [],
    };
  },
};

function breed(state: Nsga2State, random: Random): Draw {
  const { space, parents, crossover } = state;
  const sizes = geneSizes(space);
  const one = tournament(parents, random);
  const other = random.uniform() < crossover ? tournament(parents, random) : one;
  const genes = toGenes(parseGenotype(one.genotype), space);
  const mixed =
    other === one ? genes : mix(genes, toGenes(parseGenotype(other.genotype), space), random);
  const child = mutate(mixed, sizes, state.mutatedGenes, random);
  const anew = child.filter((option, i) => option !== mixed[i]).length;
  const crossed = other === one ? '' : `crossed with ${other.index}, `;
  return {
    genotype: fromGenes(child, space),
    parent: one.index,
    variation: `${crossed}${anew} of ${sizes.length} genes drawn anew`,
  };
}

function tournament(parents: readonly Placed<Member>[], random: Random): Placed<Member> {
  const [a, b] = [random.choice(parents), random.choice(parents)];
  return b.place < a.place ? b : a;
}

/** Uniform crossover (Syswerda 1989). */
const mix = (a: Genes, b: Genes, random: Random): Genes =>
  a.map((option, i) => (random.uniform() < 0.5 ? option : (b[i] ?? option)));

/** Each gene that is a choice becomes another option with equal probability, `expected` of them on average. */
function mutate(genes: Genes, sizes: readonly number[], expected: number, random: Random): Genes {
  const probability = expected / sizes.filter((size) => size > 1).length;
  return genes.map((option, i) => {
    const size = sizes[i] ?? 1;
    if (size === 1 || random.uniform() >= probability) return option;
    return (option + 1 + random.int(size - 1)) % size;
  });
}
