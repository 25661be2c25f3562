// A genotype's membership in a search space, and how many distinct ones the space holds.
import type { SearchSpace } from '../search-space.ts';
import { familyOf } from './families.ts';
import type { Genotype } from './genotype.ts';
import { canonicalGenotype } from './text.ts';

/** Why the space does not hold the genotype, in words; undefined where it does. */
export function genotypeInSpace(genotype: Genotype, space: SearchSpace): string | undefined {
  if (genotype.kind !== space.kind) return `family ${genotype.kind} is not ${space.kind}`;
  return familyOf(genotype).outside(canonicalGenotype(genotype), space);
}

/** Distinct genotypes of the space: those with different canonical text. */
export function spaceSize(space: SearchSpace): bigint {
  return familyOf(space).count(space);
}
