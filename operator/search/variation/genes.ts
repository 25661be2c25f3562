// Genotypes as genes, for algorithms that mix several or count options: one option of each choice of the family.
import type { Genotype, SearchSpace } from '../../../crds/index.ts';
import { familyOf } from './families.ts';

/** genes[i] is one of geneSizes(space)[i] options, from 0. Any such list is a genotype of the space, and each is one list's. */
export type Genes = readonly number[];

/** Options of each gene; a gene of one option is no choice. */
export const geneSizes = (space: SearchSpace): number[] => familyOf(space).radices(space);

/** Of a canonical genotype of the space. */
export const toGenes = (genotype: Genotype, space: SearchSpace): number[] =>
  familyOf(genotype).encode(genotype, space);

export const fromGenes = (genes: Genes, space: SearchSpace): Genotype =>
  familyOf(space).decode(genes, space);

/** Counts up by one in mixed radix, the first gene fastest; past the last comes the first. */
export function nextGenes(genes: Genes, sizes: readonly number[]): Genes {
  let carry = 1;
  return genes.map((option, i) => {
    const sum = option + carry;
    carry = sum === sizes[i] ? 1 : 0;
    return carry === 1 ? 0 : sum;
  });
}
