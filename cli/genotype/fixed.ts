// Fixed networks: a chain of layers, each with its rule.
import { type FixedGenotype, RULED_LAYERS } from '../../crds/index.ts';
import type { Presentation } from './presentation.ts';

export const fixed: Presentation<FixedGenotype> = {
  short: ({ network, rules }) =>
    `${network} ${Object.entries(rules)
      .map(([layer, rule]) => `${layer}:${rule}`)
      .join(' ')}`,
  rules: ({ rules }) => Object.values(rules),
  diagrams: ({ network, rules }) => [
    {
      kind: 'chain',
      title: `Layers of ${network}`,
      layers: Object.entries(rules).map(([name, rule]) => ({ name, rule })),
    },
  ],
  rest: () => undefined,
  places: ({ network }) => (network === undefined ? [] : [...RULED_LAYERS[network]]),
  genes: ({ rules }) => rules,
};
