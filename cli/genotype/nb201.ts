// NAS-Bench-201 cells: four nodes, an edge between every two.
import type { Nb201Edge, Nb201Genotype } from '../../crds/index.ts';
import { drawnEdge, geneOf, shortEdge } from './operations.ts';
import type { Presentation } from './presentation.ts';

const NODES = [
  { id: '0', label: 'input' },
  { id: '1', label: '1' },
  { id: '2', label: '2' },
  { id: '3', label: 'output' },
];

const nodesOf = ({ nodes }: Nb201Genotype): readonly (readonly Nb201Edge[])[] => nodes;

export const nb201: Presentation<Nb201Genotype> = {
  /** `avg3 | c3:FA c3:uSF | c1:frSF c3:FA c3:uSF, rest BP`: the edges into each node, by origin. */
  short: (genotype) =>
    `${nodesOf(genotype)
      .map((edges) => edges.map(shortEdge).join(' '))
      .join(' | ')}, rest ${genotype.rest}`,
  rules: (genotype) => [
    ...nodesOf(genotype).flatMap((edges) => edges.flatMap(({ rule }) => rule ?? [])),
    genotype.rest,
  ],
  diagrams: (genotype) => [
    {
      kind: 'cell',
      title: 'Cell',
      nodes: NODES,
      edges: nodesOf(genotype).flatMap((edges, i) =>
        edges.map((edge, j) => ({ from: String(j), to: String(i + 1), ...drawnEdge(edge) })),
      ),
    },
  ],
  rest: ({ rest }) => rest,
  places: () => [
    ...[1, 2, 3].flatMap((to) => NODES.slice(0, to).map(({ id }) => `${id}→${to}`)),
    'rest',
  ],
  genes: (genotype) => ({
    ...Object.fromEntries(
      nodesOf(genotype).flatMap((edges, i) =>
        edges.map((edge, j) => [`${j}→${i + 1}`, geneOf(edge)]),
      ),
    ),
    rest: genotype.rest,
  }),
};
