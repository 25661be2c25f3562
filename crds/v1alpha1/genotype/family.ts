// What a family of networks must know of its genotypes; one file a member (darts.ts, nb201.ts, fixed.ts).
import type { SearchSpace } from '../search-space.ts';
import type { Genotype, RuleChange } from './genotype.ts';
import type { Span } from './span.ts';

export interface Family<G extends Genotype = Genotype> {
  readonly kind: G['kind'];
  /** First words of its texts. */
  readonly heads: readonly string[];
  /** Reads the parts after the head. Throws GenotypeError. */
  parse(head: string, parts: readonly Span[], end: number): G;
  /** The one form of all equal genotypes. Throws GenotypeError where weights have no rule. */
  canonical(genotype: G): G;
  /** Text of a canonical genotype. */
  print(genotype: G): string;
  /** The same network with other rules, asked for in the order of its text. */
  mapRules(genotype: G, change: RuleChange): G;
  /** Why the genotype may not be proposed, or undefined where it may. */
  outside(genotype: G, space: SearchSpace): string | undefined;
  /** Distinct genotypes of the space. */
  count(space: SearchSpace): bigint;
}
