// From alpha to a genotype, as DARTS decodes it (Liu et al. 2019, section 2.4), and how far alpha has decided. Pure numbers.
import type {
  DartsCell,
  DartsEdge,
  DartsGenotype,
  DartsOperation,
  LearningRuleName,
} from '../../crds/index.ts';
import { CELL_KINDS, type CellKind, EDGES, firstEdge, NODES } from './edge-shares.ts';
import type { SupernetCandidate } from './supernet.ts';

/** [EDGES x candidates], row-major. */
export type AlphaValues = Readonly<Record<CellKind, ArrayLike<number>>>;

interface Of {
  readonly candidates: readonly SupernetCandidate[];
  readonly rest: LearningRuleName;
}

/** Each node keeps the two edges whose strongest candidate is strongest, and that candidate; `none` is none. Of equals the first. */
export function deriveGenotype(alphas: AlphaValues, { candidates, rest }: Of): DartsGenotype {
  const cell = (kind: CellKind) => cellOf(rowsOf(alphas[kind], candidates.length), candidates);
  return { kind: 'darts', normal: cell('normal'), reduce: cell('reduce'), rest };
}

interface Decided {
  readonly edge: DartsEdge;
  readonly strength: number;
}

function cellOf(shares: readonly (readonly number[])[], candidates: Of['candidates']): DartsCell {
  return NODES.map((i) => {
    const edges = Array.from({ length: i + 2 }, (_, from) =>
      strongest(shares[firstEdge(i) + from] ?? [], candidates, from),
    );
    const kept = edges.toSorted((a, b) => b.strength - a.strength).slice(0, 2);
    const [first, second] = kept.toSorted((a, b) => a.edge.from - b.edge.from);
    return [first?.edge, second?.edge] as unknown as DartsCell[number];
  });
}

function strongest(p: readonly number[], candidates: Of['candidates'], from: number): Decided {
  const choices = candidates.flatMap(({ operation, rule }, k) =>
    operation === 'none'
      ? []
      : [{ edge: edgeOf(operation, rule, from), strength: p[k] ?? 0 } as const],
  );
  return choices.reduce((best, each) => (each.strength > best.strength ? each : best));
}

const edgeOf = (
  operation: DartsOperation,
  rule: LearningRuleName | undefined,
  from: number,
): DartsEdge => ({ operation, ...(rule === undefined ? {} : { rule }), from });

/** Of each kind of cell: the mean over its edges of the entropy of p, over that of even shares. 1: undecided, 0: decided. */
export function entropyOf(alphas: AlphaValues, candidates: number): Record<CellKind, number> {
  const of = (kind: CellKind) => {
    const entropies = rowsOf(alphas[kind], candidates).map((p) =>
      p.reduce((sum, share) => (share > 0 ? sum - share * Math.log(share) : sum), 0),
    );
    const mean = entropies.reduce((sum, each) => sum + each, 0) / EDGES;
    return candidates === 1 ? 0 : mean / Math.log(candidates);
  };
  return { normal: of('normal'), reduce: of('reduce') };
}

/** Edges of each kind of cell that only pass on what they get: what supernets collapse to. */
export function skipsOf(genotype: DartsGenotype): Record<CellKind, number> {
  const count = (kind: CellKind) =>
    genotype[kind].flat().filter(({ operation }) => operation === 'skip_connect').length;
  return Object.fromEntries(CELL_KINDS.map((kind) => [kind, count(kind)])) as Record<
    CellKind,
    number
  >;
}

/** softmax, row by row */
function rowsOf(alpha: ArrayLike<number>, candidates: number): number[][] {
  return Array.from({ length: EDGES }, (_, edge) => {
    const row = Array.from({ length: candidates }, (_, k) => alpha[edge * candidates + k] ?? 0);
    return softmaxOf(row);
  });
}

export function softmaxOf(row: readonly number[]): number[] {
  const peak = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - peak));
  const mass = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => each / mass);
}
