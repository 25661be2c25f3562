// DARTS cells: two inputs, four nodes of two edges each, all nodes concatenated.
import type { DartsCell, DartsGenotype } from '../../crds/index.ts';
import { drawnEdge, shortEdge } from './operations.ts';
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
};

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
