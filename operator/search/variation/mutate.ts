// Mutation: a random neighbour. The kind of change is drawn first, by its odds; kinds that have no neighbour here
// (the wiring of a fixed cell, the rule where there is but one) are left out and the odds of the others renormalised.
import type { Genotype, SearchSpace } from '../../../crds/index.ts';
import type { Random } from '../random.ts';
import { familyOf } from './families.ts';
import { MUTATION_KINDS, type MutationKind, type Neighbour } from './family.ts';

/** Probability of each kind of change, in any scale; a kind at 0 never happens. */
export type MutationOdds = Readonly<Record<MutationKind, number>>;

export interface Mutation {
  readonly genotype: Genotype;
  /** What was changed, for people. */
  readonly change: string;
}

interface Weighted {
  readonly neighbour: Neighbour;
  readonly weight: number;
}

/**
 * Neighbours in random order, each at most once: the first is the mutation, the later ones are for a caller that
 * must refuse some. Every one differs from the parent in its canonical text.
 */
export function* mutations(
  parent: Genotype,
  space: SearchSpace,
  odds: MutationOdds,
  random: Random,
): Generator<Mutation, void> {
  let left = weigh(familyOf(parent).neighbours(parent, space), odds);
  while (left.length > 0) {
    const at = drawWeighted(left, random);
    const drawn = left[at];
    if (drawn === undefined) return;
    yield { genotype: drawn.neighbour.apply(), change: drawn.neighbour.change() };
    left = left.toSpliced(at, 1);
  }
}

/** All genotypes one change away, each once, in random order. */
export function neighbourhood(genotype: Genotype, space: SearchSpace, random: Random): Neighbour[] {
  return random.shuffle(familyOf(genotype).neighbours(genotype, space));
}

/** Weights whose sum over a kind is the kind's odds. */
function weigh(neighbours: readonly Neighbour[], odds: MutationOdds): Weighted[] {
  const weighted: Weighted[] = [];
  for (const kind of MUTATION_KINDS) {
    if (odds[kind] <= 0) continue;
    const ofKind = neighbours.filter((neighbour) => neighbour.kind === kind);
    const sum = ofKind.reduce((total, neighbour) => total + neighbour.odds, 0);
    for (const neighbour of ofKind)
      weighted.push({ neighbour, weight: (odds[kind] * neighbour.odds) / sum });
  }
  return weighted;
}

function drawWeighted(items: readonly Weighted[], random: Random): number {
  const sum = items.reduce((total, { weight }) => total + weight, 0);
  let left = random.uniform() * sum;
  const at = items.findIndex(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  // Rounding may leave a crumb past the last one.
  return at === -1 ? items.length - 1 : at;
}
