// Variation of DARTS cells (Liu et al. 2019): two cells of four nodes; a node chooses two different inputs of its
// i + 2 predecessors and a candidate for each. `rest` is a gene under full conversion.
import {
  candidatesOf,
  DARTS_OPERATIONS,
  DARTS_PAIRS,
  type DartsCell,
  type DartsEdge,
  type DartsGenotype,
  type SearchSpace,
} from '../../../crds/index.ts';
import { edgeChanges, optionOf, restRulesOf, ruleChanges } from './edge.ts';
import type { Neighbour, VariationFamily } from './family.ts';

const NODES = [0, 1, 2, 3];
const CELLS = ['normal', 'reduce'] as const;
/** Choices of a node: its pair of inputs, and a candidate for each of them. */
const PER_NODE = 3;
const PER_CELL = PER_NODE * NODES.length;

export const darts: VariationFamily<DartsGenotype> = {
  radices(space) {
    const candidates = candidatesOf(space, DARTS_OPERATIONS).length;
    const cell = NODES.flatMap((i) => [DARTS_PAIRS[i]?.length ?? 0, candidates, candidates]);
    return [...cell, ...cell, restRulesOf(space).length];
  },

  decode: (options, space) => ({
    kind: 'darts',
    normal: decodeCell(options.slice(0, PER_CELL), space),
    reduce: decodeCell(options.slice(PER_CELL, 2 * PER_CELL), space),
    rest: restRulesOf(space)[options[2 * PER_CELL] ?? 0] ?? 'BP',
  }),

  encode: ({ normal, reduce, rest }, space) => [
    ...encodeCell(normal, space),
    ...encodeCell(reduce, space),
    restRulesOf(space).indexOf(rest),
  ],

  neighbours(genotype, space) {
    // Loops: this is most of what a proposal costs, and a restart makes tens of thousands again.
    const byEdge: Neighbour<DartsGenotype>[] = [];
    for (const cell of CELLS)
      for (const i of NODES)
        for (const j of [0, 1]) byEdge.push(...edgeNeighbours({ genotype, cell, i, j }, space));
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

function decodeCell(options: readonly number[], space: SearchSpace): DartsCell {
  const candidates = candidatesOf(space, DARTS_OPERATIONS);
  return NODES.map((i) => {
    const [pair = 0, first = 0, second = 0] = options.slice(i * PER_NODE);
    const [a, b] = DARTS_PAIRS[i]?.[pair] ?? [0, 1];
    return [
      { ...candidates[first], from: a },
      { ...candidates[second], from: b },
    ] as DartsCell[number];
  });
}

function encodeCell(cell: DartsCell, space: SearchSpace): number[] {
  const candidates = candidatesOf(space, DARTS_OPERATIONS);
  return cell.flatMap(([first, second], i) => [
    DARTS_PAIRS[i]?.findIndex(([a, b]) => a === first.from && b === second.from) ?? 0,
    optionOf(first, candidates),
    optionOf(second, candidates),
  ]);
}

interface Place {
  readonly genotype: DartsGenotype;
  readonly cell: (typeof CELLS)[number];
  /** Node and edge. */
  readonly i: number;
  readonly j: number;
}

/** Another candidate from the same input, or the same candidate from an input that the node's other edge has not. */
function edgeNeighbours(
  { genotype, cell, i, j }: Place,
  space: SearchSpace,
): Neighbour<DartsGenotype>[] {
  const edges = genotype[cell][i] as DartsCell[number];
  const edge = edges[j] as DartsEdge;
  const other = edges[1 - j]?.from;
  const neighbour = (
    { kind, odds }: Pick<Neighbour, 'kind' | 'odds'>,
    change: () => string,
    to: () => DartsEdge,
  ) => ({
    kind,
    odds,
    change: () => `${cell} node ${i + 2} edge ${j + 1}: ${change()}`,
    apply: () => ({ ...genotype, [cell]: genotype[cell].with(i, inOrder(edges.with(j, to()))) }),
  });
  const byCandidate = edgeChanges(edge, space, DARTS_OPERATIONS).map((each) =>
    neighbour(each, each.change, () => ({ ...each.to, from: edge.from })),
  );
  const byInput = Array.from({ length: i + 2 }, (_, from) => from)
    .filter((from) => from !== edge.from && from !== other)
    .map((from) =>
      neighbour(
        WIRED,
        () => `input ${edge.from} -> ${from}`,
        () => ({ ...edge, from }),
      ),
    );
  return [...byCandidate, ...byInput];
}

const WIRED = { kind: 'wiring', odds: 1 } as const;

function inOrder(edges: readonly DartsEdge[]): DartsCell[number] {
  return edges.toSorted((a, b) => a.from - b.from) as unknown as DartsCell[number];
}
