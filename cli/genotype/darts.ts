// DARTS cells: two inputs, four nodes of two edges each, all nodes concatenated.
import { DARTS_PAIRS, type DartsCell, type DartsGenotype } from '../../crds/index.ts';
import { drawnEdge, geneOf, shortEdge } from './operations.ts';
import type { CellDiagram, Presentation } from './presentation.ts';

const INPUTS = ['c_{k-2}', 'c_{k-1}'];
const OUTPUT = { id: 'out', label: 'c_{k}' };

/** `skip~0 sep3:uSF~1 | ...`: the edges into each node. */
const shortCell = (cell: DartsCell): string =>
  cell.map((edges) => edges.map((edge) => `${shortEdge(edge)}~${edge.from}`).join(' ')).join(' | ');

export const darts: Presentation<DartsGenotype> = {
  short: ({ normal, reduce, rest }) =>
    `normal ${shortCell(normal)}; reduce ${shortCell(reduce)}; rest ${rest}`,
  rules: ({ normal, reduce, rest }) => [
    ...[normal, reduce].flatMap((cell) => cell.flat().flatMap(({ rule }) => rule ?? [])),
    rest,
  ],
  diagrams: ({ normal, reduce }) => [
    cellDiagram('Normal cell', normal),
    cellDiagram('Reduce cell', reduce),
  ],
  rest: ({ rest }) => rest,
  /** Every edge that a cell may have: of those into a node a network has two. */
  places: () => [
    ...['normal', 'reduce'].flatMap((cell) =>
      DARTS_PAIRS.flatMap((_, i) =>
        Array.from({ length: i + INPUTS.length }, (__, from) => placeOf(cell, from, i)),
      ),
    ),
    'rest',
  ],
  genes: ({ normal, reduce, rest }) => ({
    ...genesIn('normal', normal),
    ...genesIn('reduce', reduce),
    rest,
  }),
};

/** Nodes counted as the literature does: 0 and 1 are the two previous cells. */
const placeOf = (cell: string, from: number, node: number): string =>
  `${cell} ${from}→${node + INPUTS.length}`;

const genesIn = (name: string, cell: DartsCell) =>
  Object.fromEntries(
    cell.flatMap((edges, i) => edges.map((edge) => [placeOf(name, edge.from, i), geneOf(edge)])),
  );

function cellDiagram(title: string, cell: DartsCell): CellDiagram {
  const nodes = cell.map((_, i) => ({ id: String(i + INPUTS.length), label: String(i) }));
  return {
    kind: 'cell',
    title,
    nodes: [...INPUTS.map((label, i) => ({ id: String(i), label })), ...nodes, OUTPUT],
    edges: [
      ...cell.flatMap((edges, i) =>
        edges.map(({ from, ...edge }) => ({
          from: String(from),
          to: String(i + INPUTS.length),
          ...drawnEdge(edge),
        })),
      ),
      ...nodes.map(({ id }) => ({ from: id, to: OUTPUT.id })),
    ],
  };
}
