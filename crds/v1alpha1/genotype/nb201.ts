// Genotypes of NAS-Bench-201 cells (Dong & Yang 2020): four nodes, an edge from every earlier node to every later one.
import { NB201_EDGES, NB201_OPERATIONS } from '../search-space.ts';
import { candidatesOf } from './candidates.ts';
import {
  canonicalEdge,
  edgeOutsideSpace,
  mapRule,
  parseEdge,
  printEdge,
  restCandidates,
  restOutsideSpace,
} from './edge.ts';
import type { Family } from './family.ts';
import type { Nb201Edge, Nb201Genotype } from './genotype.ts';
import { GenotypeError } from './genotype-error.ts';
import { afterKey, partsOf, quoted, ruleOf, type Span, splitInto } from './span.ts';

const EDGES = 6n;

export const nb201: Family<Nb201Genotype> = {
  kind: 'nb201',
  heads: ['nb201'],

  parse(_head, parts, end) {
    const [cell, rest] = partsOf(parts, ['a cell', 'rest='], end);
    const nodes = splitInto(cell, '|', 3, ['nodes', 'cell']);
    return {
      kind: 'nb201',
      nodes: nodesFrom((i, j) => {
        const node = nodes[i] ?? cell;
        const where = `node ${i + 1}`;
        const edges = splitInto(node, ',', i + 1, [i === 0 ? 'edge' : 'edges', where]);
        return parseNb201Edge(edges[j] ?? node, j, `${where}, edge ${j + 1}`);
      }),
      rest: ruleOf(afterKey(rest, 'rest'), 'rest'),
    };
  },

  canonical: ({ nodes, rest }) => ({
    kind: 'nb201',
    nodes: nodesFrom((i, j) => canonicalEdge(edgeAt(nodes, i, j), `node ${i + 1}, edge ${j + 1}`)),
    rest,
  }),

  print(genotype) {
    const nodes = genotype.nodes.map((edges: readonly Nb201Edge[]) =>
      edges.map((edge, j) => printEdge(edge, j)).join(','),
    );
    return `nb201;${nodes.join('|')};rest=${genotype.rest}`;
  },

  mapRules: ({ kind, nodes, rest }, change) => ({
    kind,
    nodes: nodesFrom((i, j) => mapRule(edgeAt(nodes, i, j), change)),
    rest: change(rest, 'rest'),
  }),

  outside({ nodes, rest }, space) {
    for (const [i, edges] of nodes.entries()) {
      for (const edge of edges) {
        const reason = edgeOutsideSpace(edge, {
          space,
          published: NB201_OPERATIONS,
          where: `node ${i + 1}`,
        });
        if (reason !== undefined) return reason;
      }
    }
    return restOutsideSpace(rest, space);
  },

  count: (space) =>
    BigInt(candidatesOf(space, NB201_OPERATIONS).length) ** EDGES * restCandidates(space),
};

function edgeAt(nodes: Nb201Genotype['nodes'], i: number, j: number): Nb201Edge {
  const edges: readonly Nb201Edge[] | undefined = nodes[i];
  const edge = edges?.[j];
  if (edge === undefined) {
    throw new GenotypeError({ where: `node ${i + 1}`, expected: `edge ${j + 1}`, got: 'none' });
  }
  return edge;
}

/** The triangle of edges; `edge(i, j)` is the one from node j to node i + 1. */
function nodesFrom(edge: (i: number, j: number) => Nb201Edge): Nb201Genotype['nodes'] {
  return [[edge(0, 0)], [edge(1, 0), edge(1, 1)], [edge(2, 0), edge(2, 1), edge(2, 2)]];
}

function parseNb201Edge(span: Span, j: number, where: string): Nb201Edge {
  const { from, ...edge } = parseEdge(span, NB201_EDGES, where);
  if (from.text !== `${j}`) {
    throw new GenotypeError({
      where,
      at: from.at,
      expected: `origin ${j}`,
      got: quoted(from.text),
    });
  }
  return edge;
}
