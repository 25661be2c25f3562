// Genotypes of a space without a parent: a random one, and all of them in a fixed order.
import type { Genotype, SearchSpace } from '../../../crds/index.ts';
import type { Random } from '../random.ts';
import { familyOf } from './families.ts';
import { type Genes, nextGenes } from './genes.ts';

/** Each distinct canonical genotype of the space with equal probability. */
export function sampleGenotype(space: SearchSpace, random: Random): Genotype {
  const family = familyOf(space);
  return family.decode(
    family.radices(space).map((radix) => random.int(radix)),
    space,
  );
}

/** Every genotype of the space once, beginning at a random one and going around. */
export function* walkSpace(space: SearchSpace, random: Random): Generator<Genotype, void> {
  const family = familyOf(space);
  const radices = family.radices(space);
  const start: Genes = radices.map((radix) => random.int(radix));
  let options = start;
  do {
    yield family.decode(options, space);
    options = nextGenes(options, radices);
  } while (options.some((option, i) => option !== start[i]));
}
