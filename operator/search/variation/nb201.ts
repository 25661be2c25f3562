// Variation of NAS-Bench-201 cells (Dong & Yang 2020): six edges, each a candidate of its own; the wiring is fixed.
import {
  candidatesOf,
  NB201_OPERATIONS,
  type Nb201Edge,
  type Nb201Genotype,
} from '../../../crds/index.ts';
import { edgeChanges, optionOf, restRulesOf, ruleChanges } from './edge.ts';
import type { VariationFamily } from './family.ts';

const EDGES = 6;
type Edges = readonly Nb201Edge[];

export const nb201: VariationFamily<Nb201Genotype> = {
  radices(space) {
    const candidates = candidatesOf(space, NB201_OPERATIONS).length;
    return [...Array.from({ length: EDGES }, () => candidates), restRulesOf(space).length];
  },

  decode(options, space) {
    const candidates = candidatesOf(space, NB201_OPERATIONS);
    const edges = options.slice(0, EDGES).map((option) => candidates[option] ?? candidates[0]);
    const rest = restRulesOf(space)[options[EDGES] ?? 0] ?? 'BP';
    return { kind: 'nb201', nodes: nodesOf(edges as Edges), rest };
  },

  encode({ nodes, rest }, space) {
    const candidates = candidatesOf(space, NB201_OPERATIONS);
    return [
      ...nodes.flat().map((edge) => optionOf(edge, candidates)),
      restRulesOf(space).indexOf(rest),
    ];
  },

  neighbours(genotype, space) {
    const edges: Edges = genotype.nodes.flat();
    const byEdge = edges.flatMap((edge, at) =>
      edgeChanges(edge, space, NB201_OPERATIONS).map(({ kind, odds, change, to }) => ({
        kind,
        odds,
        change: () => `${PLACES[at]}: ${change()}`,
        apply: () => ({ ...genotype, nodes: nodesOf(edges.with(at, to)) }),
      })),
    );
    const byRest = ruleChanges(genotype.rest, restRulesOf(space)).map(
      ({ kind, odds, change, to }) => ({
        kind,
        odds,
        change: () => `rest: ${change()}`,
        apply: () => ({ ...genotype, rest: to }),
      }),
    );
    return [...byEdge, ...byRest];
  },
};

const PLACES = [1, 2, 3].flatMap((node) =>
  Array.from({ length: node }, (_, j) => `node ${node} edge ${j + 1}`),
);

/** The triangle: one edge into node 1, two into node 2, three into node 3. */
function nodesOf(edges: Edges): Nb201Genotype['nodes'] {
  return [
    edges.slice(0, 1),
    edges.slice(1, 3),
    edges.slice(3, 6),
  ] as unknown as Nb201Genotype['nodes'];
}
