// From alpha to the shares of candidates on each edge, and from the slopes by shares back to those by alpha.
import { sumOf } from '../primitives/index.ts';
import {
  add,
  concat,
  type Graph,
  multiply,
  reshape,
  slice,
  softmaxCrossEntropy,
  subtract,
  sum,
  type Value,
} from '../program/index.ts';

export const CELL_KINDS = ['normal', 'reduce'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** [EDGES, candidates] of each kind of cell. */
export type Alphas = Readonly<Record<CellKind, Value>>;

/** Of a cell, without its two inputs. */
export const NODES = [0, 1, 2, 3];
/** Row of alpha of the first edge to node i: it has i + 2. */
export const firstEdge = (node: number): number => (node * (node + 3)) / 2;
/** From every earlier place to every node: rows of alpha. */
export const EDGES: number = firstEdge(NODES.length);

export interface EdgeShares {
  /** p [candidates] of an edge; `learn` takes dLoss/dp, from every cell that has the edge. */
  of(edge: number): { readonly p: Value; readonly learn: (dp: Value) => void };
  /** dLoss/dalpha [EDGES, candidates] of all that was learned. */
  slope(): Value;
}

/** p = softmax(alpha), row by row. */
export function sharesOf(g: Graph, alpha: Value): EdgeShares {
  const [edges = 0, n = 0] = alpha.shape;
  const p = softmax(g, alpha);
  const learned: Value[][] = Array.from({ length: edges }, () => []);
  return {
    of: (edge) => ({
      p: reshape(g, slice(g, p, [edge, 0], [1, n]), [n]),
      learn: (dp) => void learned[edge]?.push(dp),
    }),
    slope: () => {
      const zeros = g.constant(Array(n).fill(0), [n]);
      const rows = learned.map((slopes) => reshape(g, sumOf(g, slopes) ?? zeros, [1, n]));
      const dp = concat(g, rows, 0);
      const mean = sum(g, multiply(g, p, dp), { axes: [1], keepDims: true });
      return multiply(g, p, subtract(g, dp, mean)); // p_i (dp_i - sum_j p_j dp_j)
    },
  };
}

/** The gradient of a cross-entropy with the labels 1/n is softmax - 1/n. [edges, n] */
function softmax(g: Graph, alpha: Value): Value {
  const [edges = 0, n = 0] = alpha.shape;
  const even = g.constant(Array(edges * n).fill(1 / n), [edges, n]);
  return add(g, softmaxCrossEntropy(g, alpha, even).gradient, even);
}
