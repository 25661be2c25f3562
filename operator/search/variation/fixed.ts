// Variation of the fixed networks: the rule of every layer that has one is a gene.
import {
  type FixedGenotype,
  RULED_LAYERS,
  type SearchSpace,
  searchedRules,
} from '../../../crds/index.ts';
import { ruleChanges } from './edge.ts';
import type { VariationFamily } from './family.ts';

export const fixed: VariationFamily<FixedGenotype> = {
  radices(space) {
    const rules = searchedRules(space).length;
    return RULED_LAYERS[networkOf(space)].map(() => rules);
  },

  decode(options, space) {
    const rules = searchedRules(space);
    const network = networkOf(space);
    const genes = RULED_LAYERS[network].map((layer, i) => [layer, rules[options[i] ?? 0]]);
    return { kind: 'fixed', network, rules: Object.fromEntries(genes) };
  },

  encode({ rules }, space) {
    const searched = searchedRules(space);
    return Object.values(rules).map((rule) => searched.indexOf(rule));
  },

  neighbours(genotype, space) {
    const rules = searchedRules(space);
    return Object.entries(genotype.rules).flatMap(([layer, rule]) =>
      ruleChanges(rule, rules).map(({ kind, odds, change, to }) => ({
        kind,
        odds,
        change: () => `${layer}: ${change()}`,
        apply: () => ({ ...genotype, rules: { ...genotype.rules, [layer]: to } }),
      })),
    );
  },
};

function networkOf(space: SearchSpace): FixedGenotype['network'] {
  if (space.network === undefined) {
    throw new RangeError('searchSpace.network: expected a network where kind is fixed, got none');
  }
  return space.network;
}
