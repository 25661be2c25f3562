// Genotypes of the fixed networks: a rule for every layer that sends a signal back, which is all but the first.
import type { LearningRuleName } from '../learning-rule.ts';
import { FIXED_NETWORKS, type FixedNetwork } from '../search-space.ts';
import { ruleOutsideSpace } from './edge.ts';
import type { Family } from './family.ts';
import { FIXED_LAYERS, type FixedGenotype, RULED_LAYERS } from './genotype.ts';
import { GenotypeError } from './genotype-error.ts';
import { nameOf, partsOf, ruleOf, type Span, split, splitInto } from './span.ts';

export const fixed: Family<FixedGenotype> = {
  kind: 'fixed',
  heads: FIXED_NETWORKS,

  parse(head, parts, end) {
    const network = nameOf({ text: head, at: 0 }, FIXED_NETWORKS, ['a network', 'head']);
    const [layers] = partsOf(parts, ['layers and their rules'], end);
    const rules = new Map<string, LearningRuleName>();
    for (const span of split(layers, ',')) addLayer(rules, network, span);
    return { kind: 'fixed', network, rules: inOrder(network, Object.fromEntries(rules), end) };
  },

  canonical: ({ network, rules }) => ({ kind: 'fixed', network, rules: inOrder(network, rules) }),

  print: ({ network, rules }) =>
    `${network};${Object.entries(rules)
      .map(([layer, rule]) => `${layer}=${rule}`)
      .join(',')}`,

  mapRules: ({ kind, network, rules }, change) => ({
    kind,
    network,
    rules: Object.fromEntries(
      Object.entries(rules).map(([layer, rule]) => [layer, change(rule, 'edge')]),
    ),
  }),

  outside({ network, rules }, space) {
    if (network !== space.network) return `network ${network} is not ${space.network}`;
    for (const [layer, rule] of Object.entries(rules)) {
      const reason = ruleOutsideSpace(rule, space, layer);
      if (reason !== undefined) return reason;
    }
    return undefined;
  },

  count(space) {
    const layers = space.network === undefined ? [] : RULED_LAYERS[space.network];
    return BigInt(new Set(space.learningRules).size) ** BigInt(layers.length);
  },
};

function addLayer(rules: Map<string, LearningRuleName>, network: FixedNetwork, span: Span): void {
  const [name = span, rule = span] = splitInto(span, '=', 2, ['parts, layer and rule,', network]);
  const layer = nameOf(name, FIXED_LAYERS[network], [`a layer of ${network}`, network]);
  if (rules.has(layer)) {
    throw new GenotypeError({
      where: layer,
      at: span.at,
      expected: 'each layer once',
      got: `${layer} twice`,
    });
  }
  rules.set(layer, ruleOf(rule, layer));
}

/** The ruled layers in forward order; `at` is where a text ends that lacks one. */
function inOrder(
  network: FixedNetwork,
  rules: FixedGenotype['rules'],
  at?: number,
): FixedGenotype['rules'] {
  return Object.fromEntries(
    RULED_LAYERS[network].map((layer) => {
      const rule = rules[layer];
      if (rule === undefined) {
        const place = at === undefined ? { where: network } : { where: network, at };
        throw new GenotypeError({ ...place, expected: `a rule for layer ${layer}`, got: 'none' });
      }
      return [layer, rule];
    }),
  );
}
