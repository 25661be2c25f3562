// A single path as genes, and as what the program is fed: each node of each cell takes two different edges, and a candidate on each.
// So a path is a network of the space, and drawing it evenly trains what is judged later. Pure numbers.
import {
  DARTS_PAIRS,
  type DartsCell,
  type DartsGenotype,
  type LearningRuleName,
} from '../../../../crds/index.ts';
import {
  CELL_KINDS,
  type CellKind,
  EDGES,
  firstEdge,
  NODES,
  type SupernetCandidate,
} from '../../../network/index.ts';
import type { Random } from '../../../random.ts';

/** Of each node of the normal, then of the reduction cell: its pair of edges, and the candidate on the first and on the second. */
export type Genes = readonly number[];

/** [EDGES] of each kind of cell: number of the candidate, -1 where the edge is not taken. */
export type Path = Readonly<Record<CellKind, readonly number[]>>;

const PER_NODE = 3;
const PER_CELL = PER_NODE * NODES.length;

/** How many values each gene has. */
export const radicesOf = (candidates: number): Genes =>
  CELL_KINDS.flatMap(() =>
    NODES.flatMap((i) => [DARTS_PAIRS[i]?.length ?? 1, candidates, candidates]),
  );

export const drawGenes = (candidates: number, random: Random): Genes =>
  radicesOf(candidates).map((radix) => random.int(radix));

/** Each gene drawn anew with this probability. */
export const mutated = (
  genes: Genes,
  candidates: number,
  { mutation, random }: { readonly mutation: number; readonly random: Random },
): Genes =>
  radicesOf(candidates).map((radix, i) =>
    random.uniform() < mutation ? random.int(radix) : (genes[i] ?? 0),
  );

/** Each gene of either parent. */
export const crossed = (a: Genes, b: Genes, random: Random): Genes =>
  a.map((gene, i) => (random.int(2) === 0 ? gene : (b[i] ?? gene)));

interface TakenEdge {
  readonly from: number;
  readonly candidate: number;
}

const takenBy = (genes: Genes, kind: CellKind, i: number): readonly [TakenEdge, TakenEdge] => {
  const begin = CELL_KINDS.indexOf(kind) * PER_CELL + i * PER_NODE;
  const [pair = 0, first = 0, second = 0] = genes.slice(begin, begin + PER_NODE);
  const [a, b] = DARTS_PAIRS[i]?.[pair] ?? [0, 1];
  return [
    { from: a, candidate: first },
    { from: b, candidate: second },
  ];
};

export function pathOf(genes: Genes): Path {
  const cell = (kind: CellKind): readonly number[] => {
    const row = Array<number>(EDGES).fill(-1);
    for (const i of NODES)
      for (const { from, candidate } of takenBy(genes, kind, i))
        row[firstEdge(i) + from] = candidate;
    return row;
  };
  return { normal: cell('normal'), reduce: cell('reduce') };
}

interface Of {
  readonly candidates: readonly SupernetCandidate[];
  readonly rest: LearningRuleName;
}

export function genotypeOf(genes: Genes, { candidates, rest }: Of): DartsGenotype {
  const cell = (kind: CellKind): DartsCell =>
    NODES.map((i) =>
      takenBy(genes, kind, i).map(({ from, candidate }) => ({ ...candidates[candidate], from })),
    ) as unknown as DartsCell;
  return { kind: 'darts', normal: cell('normal'), reduce: cell('reduce'), rest };
}
