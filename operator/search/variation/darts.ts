// Variation of DARTS cells (Liu et al. 2019): two cells of four nodes; a node chooses two different inputs of its
// i + 2 predecessors and a candidate for each. `rest` is a gene under full conversion.
import {
  DARTS_OPERATIONS,
  type DartsCell,
  type DartsEdge,
  type DartsGenotype,
  type SearchSpace,
} from '../../../crds/index.ts';
import { type Change, candidatesOf, edgeChanges, restRulesOf, ruleChanges } from './edge.ts';
import type { VariationFamily } from './family.ts';

const NODES = [0, 1, 2, 3];
const CELLS = ['normal', 'reduce'] as const;
/** Choices of a node: its pair of inputs, and a candidate for each of them. */
const PER_NODE = 3;
const PER_CELL = PER_NODE * NODES.length;

/** Pairs of different inputs a < b of node i. */
const PAIRS = NODES.map((i) =>
  Array.from({ length: i + 2 }, (_, b) =>
    Array.from({ length: b }, (_, a) => [a, b] as const),
  ).flat(),
);

export const darts: VariationFamily<DartsGenotype> = {
  radices(space) {
    const candidates = candidatesOf(space, DARTS_OPERATIONS).length;
    const cell = NODES.flatMap((i) => [PAIRS[i]?.length ?? 0, candidates, candidates]);
    return [...cell, ...cell, restRulesOf(space).length];
  },

  decode: (options, space) => ({
    kind: 'darts',
    normal: decodeCell(options.slice(0, PER_CELL), space),
    reduce: decodeCell(options.slice(PER_CELL, 2 * PER_CELL), space),
    rest: restRulesOf(space)[options[2 * PER_CELL] ?? 0] ?? 'BP',
  }),

  neighbours(genotype, space) {
    const byCell = CELLS.flatMap((name) =>
      cellChanges(genotype[name], space).map(({ kind, odds, change, to }) => ({
        kind,
        odds,
        change: () => `${name} ${change()}`,
        apply: () => ({ ...genotype, [name]: to() }),
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
    return [...byCell, ...byRest];
  },
};

function decodeCell(options: readonly number[], space: SearchSpace): DartsCell {
  const candidates = candidatesOf(space, DARTS_OPERATIONS);
  return NODES.map((i) => {
    const [pair = 0, first = 0, second = 0] = options.slice(i * PER_NODE);
    const [a, b] = PAIRS[i]?.[pair] ?? [0, 1];
    return [
      { ...candidates[first], from: a },
      { ...candidates[second], from: b },
    ] as DartsCell[number];
  });
}

function cellChanges(cell: DartsCell, space: SearchSpace): Change<() => DartsCell>[] {
  return cell.flatMap((edges, i) =>
    edges.flatMap((edge, j) => {
      const other = edges[1 - j]?.from ?? -1;
      const changes = [...candidateChanges(edge, space), ...inputChanges(edge, i, other)];
      return changes.map(({ kind, odds, change, to }) => ({
        kind,
        odds,
        change: () => `node ${i + 2} edge ${j + 1}: ${change()}`,
        to: () => cell.with(i, inOrder(edges.with(j, to()))),
      }));
    }),
  );
}

function candidateChanges(edge: DartsEdge, space: SearchSpace): Change<() => DartsEdge>[] {
  return edgeChanges(edge, space, DARTS_OPERATIONS).map(({ kind, odds, change, to }) => ({
    kind,
    odds,
    change,
    to: () => ({ ...to, from: edge.from }),
  }));
}

/** The same candidate from another input of node i, not that of the node's other edge. */
function inputChanges(edge: DartsEdge, i: number, other: number): Change<() => DartsEdge>[] {
  return Array.from({ length: i + 2 }, (_, from) => from)
    .filter((from) => from !== edge.from && from !== other)
    .map((from) => ({
      kind: 'wiring',
      odds: 1,
      change: () => `input ${edge.from} -> ${from}`,
      to: () => ({ ...edge, from }),
    }));
}

function inOrder(edges: readonly DartsEdge[]): DartsCell[number] {
  return edges.toSorted((a, b) => a.from - b.from) as unknown as DartsCell[number];
}
