// What a family of networks must know to be sampled and varied; one file a member (darts.ts, nb201.ts, fixed.ts).
import type { Genotype, SearchSpace } from '../../../crds/index.ts';

export const MUTATION_KINDS = ['rule', 'operation', 'wiring'] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

/** A genotype one change away, always with another canonical text. */
export interface Neighbour<G extends Genotype = Genotype> {
  readonly kind: MutationKind;
  /** How likely it is among the neighbours of its kind, relative to the others. */
  readonly odds: number;
  /** For people: `normal node 3 edge 1: sep_conv_3x3:uSF -> sep_conv_3x3:FA`. */
  change(): string;
  apply(): G;
}

export interface VariationFamily<G extends Genotype = Genotype> {
  /**
   * The choices that make up a genotype, as how many options each has. Choices are independent and no two lists
   * of options give the same canonical text, so the product is the size of the space.
   */
  radices(space: SearchSpace): number[];
  /** The genotype of one option a choice, 0 <= options[i] < radices[i]. */
  decode(options: readonly number[], space: SearchSpace): G;
  /** The options of a canonical genotype of the space: what decode makes it of. */
  encode(genotype: G, space: SearchSpace): number[];
  /** All genotypes of the space one change away; a kind of change that the family does not know has none. */
  neighbours(genotype: G, space: SearchSpace): Neighbour<G>[];
}
