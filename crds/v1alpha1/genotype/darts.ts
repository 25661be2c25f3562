// Genotypes of DARTS cells (Liu et al. 2019): two cells of four nodes, each the sum of two edges.
import { DARTS_EDGES, DARTS_OPERATIONS, type SearchSpace } from '../search-space.ts';
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
import type { DartsCell, DartsEdge, DartsGenotype, RuleChange } from './genotype.ts';
import { GenotypeError } from './genotype-error.ts';
import { afterKey, partsOf, quoted, ruleOf, type Span, splitInto } from './span.ts';

const NODES = 4;
const CELLS = ['normal', 'reduce'] as const;

/** Of each node, the pairs a < b of different places before it, two inputs and the nodes above. */
export const DARTS_PAIRS: readonly (readonly (readonly [a: number, b: number])[])[] = Array.from(
  { length: NODES },
  (_, i) =>
    Array.from({ length: i + 2 }, (__, b) =>
      Array.from({ length: b }, (___, a) => [a, b] as const),
    ).flat(),
);

export const darts: Family<DartsGenotype> = {
  kind: 'darts',
  heads: ['darts'],

  parse(_head, parts, end) {
    const [normal, reduce, rest] = partsOf(parts, ['normal=', 'reduce=', 'rest='], end);
    return {
      kind: 'darts',
      normal: parseCell(afterKey(normal, 'normal'), 'normal'),
      reduce: parseCell(afterKey(reduce, 'reduce'), 'reduce'),
      rest: ruleOf(afterKey(rest, 'rest'), 'rest'),
    };
  },

  canonical: (genotype) => ({
    kind: 'darts',
    normal: canonicalCell(genotype.normal, 'normal'),
    reduce: canonicalCell(genotype.reduce, 'reduce'),
    rest: genotype.rest,
  }),

  print: (genotype) =>
    `darts;normal=${printCell(genotype.normal)};reduce=${printCell(genotype.reduce)};rest=${genotype.rest}`,

  mapRules: ({ kind, normal, reduce, rest }, change) => ({
    kind,
    normal: mapCell(normal, change),
    reduce: mapCell(reduce, change),
    rest: change(rest, 'rest'),
  }),

  outside(genotype, space) {
    for (const cell of CELLS) {
      const reason = cellOutside(genotype[cell], space, cell);
      if (reason !== undefined) return reason;
    }
    return restOutsideSpace(genotype.rest, space);
  },

  count(space) {
    const cell =
      wirings() * BigInt(candidatesOf(space, DARTS_OPERATIONS).length) ** BigInt(2 * NODES);
    return cell ** 2n * restCandidates(space);
  },
};

/** Node i chooses two of its i + 2 predecessors: the product over i is 180. */
function wirings(): bigint {
  let product = 1n;
  for (let i = 2n; i < BigInt(NODES) + 2n; i += 1n) product *= (i * (i - 1n)) / 2n;
  return product;
}

/** As the literature counts: nodes 0 and 1 are the two previous cells. */
function nameOfNode(cell: string, index: number): string {
  return `${cell}, node ${index + 2}`;
}

function parseCell(span: Span, cell: string): DartsCell {
  return splitInto(span, '|', NODES, ['nodes', cell]).map((node, index) => {
    const where = nameOfNode(cell, index);
    const [a, b] = splitInto(node, ',', 2, ['edges', where]);
    const first = parseDartsEdge(a ?? node, index, `${where}, edge 1`);
    const second = parseDartsEdge(b ?? node, index, `${where}, edge 2`);
    refuseTwins(first, second, { where, at: node.at });
    return [first, second];
  });
}

function parseDartsEdge(span: Span, index: number, where: string): DartsEdge {
  const { from, ...edge } = parseEdge(span, DARTS_EDGES, where);
  if (!/^[0-9]$/.test(from.text) || Number(from.text) > index + 1) {
    throw new GenotypeError({
      where,
      at: from.at,
      expected: `an origin from 0 to ${index + 1}`,
      got: quoted(from.text),
    });
  }
  return { ...edge, from: Number(from.text) };
}

function refuseTwins(a: DartsEdge, b: DartsEdge, place: { where: string; at?: number }): void {
  if (a.from !== b.from) return;
  throw new GenotypeError({
    ...place,
    expected: 'two different origins',
    got: `${a.from} twice`,
  });
}

function canonicalCell(cell: DartsCell, name: string): DartsCell {
  return cell.map(([a, b], index) => {
    const where = nameOfNode(name, index);
    refuseTwins(a, b, { where });
    const edges = [a, b].map((edge) => ({ ...canonicalEdge(edge, where), from: edge.from }));
    const [first = a, second = b] = edges.sort((left, right) => left.from - right.from);
    return [first, second];
  });
}

function printCell(cell: DartsCell): string {
  return cell.map((edges) => edges.map((edge) => printEdge(edge, edge.from)).join(',')).join('|');
}

const mapCell = (cell: DartsCell, change: RuleChange): DartsCell =>
  cell.map(([a, b]) => [mapRule(a, change), mapRule(b, change)]);

function cellOutside(cell: DartsCell, space: SearchSpace, name: string): string | undefined {
  for (const [index, edges] of cell.entries()) {
    for (const edge of edges) {
      const reason = edgeOutsideSpace(edge, {
        space,
        published: DARTS_OPERATIONS,
        where: nameOfNode(name, index),
      });
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}
