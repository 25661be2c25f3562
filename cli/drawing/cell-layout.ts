// Where a cell's nodes, arrows and labels stand: nodes from top to bottom, each edge with a label on its way. Pure, in pixels.
import { Graph, layout } from '@dagrejs/dagre';
import type { CellDiagram, CellEdge, Learning } from '../genotype/index.ts';
import { tenth } from './axes.ts';

export interface Box {
  /** Of the middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface CellLayout {
  readonly width: number;
  readonly height: number;
  readonly viewBox: string;
  readonly nodes: readonly (Box & { readonly label: NodeLabel })[];
  readonly edges: readonly DrawnEdge[];
  /** The whole cell in words. */
  readonly description: string;
}

/** `c_{k-1}` has an index, as mathematics writes it. */
export interface NodeLabel {
  readonly base: string;
  readonly index?: string;
}

export interface DrawnEdge {
  readonly edge: CellEdge;
  /** Data of an SVG path. */
  readonly path: string;
  /** Where its arrow ends, and under which angle [degrees]; absent where nothing flows. */
  readonly head?: { readonly x: number; readonly y: number; readonly angle: number };
  /** Absent for a mere connection. */
  readonly label?: Box & { readonly lines: readonly string[]; readonly title: string };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const NODE_HEIGHT = 28;
const LABEL_HEIGHT = { one: 22, two: 36 } as const;
/** Of a letter at 12 px, on the safe side. */
const LETTER = 7;
const MARGIN = 6;

const widthOf = (text: string, least: number): number => Math.max(least, text.length * LETTER + 16);

export function cellLayout(diagram: CellDiagram): CellLayout {
  const graph = laidOut(diagram);
  const { width = 0, height = 0 } = graph.graph();
  const size = { width: Math.ceil(width) + 2 * MARGIN, height: Math.ceil(height) + 2 * MARGIN };
  return {
    ...size,
    viewBox: `${-MARGIN} ${-MARGIN} ${size.width} ${size.height}`,
    nodes: diagram.nodes.map(({ id, label }) => ({
      ...boxOf(graph, id),
      label: subscripted(label),
    })),
    edges: diagram.edges.map((edge, k) => drawnEdge(graph, edge, k)),
    description: description(diagram),
  };
}

/** A label is a node on its edge's way, so that no edge runs through it. */
const labelId = (k: number): string => `edge ${k}`;

function laidOut({ nodes, edges }: CellDiagram): Graph {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 14, edgesep: 14, ranksep: 26 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, label } of nodes)
    graph.setNode(id, { width: widthOf(label, 34), height: NODE_HEIGHT });
  for (const [k, { from, to, operation, ...learning }] of edges.entries()) {
    if (operation === undefined) graph.setEdge(from, to);
    else {
      graph.setNode(labelId(k), { width: widthOf(operation, 40), height: labelHeight(learning) });
      graph.setEdge(from, labelId(k));
      graph.setEdge(labelId(k), to);
    }
  }
  layout(graph);
  return graph;
}

/** Second line of a label: what the weights learn by. */
const learnedBy = ({ rule, local }: Learning): string | undefined =>
  local ? 'its own, local' : rule;

const labelHeight = (learning: Learning): number =>
  LABEL_HEIGHT[learnedBy(learning) === undefined ? 'one' : 'two'];

function boxOf(graph: Graph, id: string): Box {
  const { x = 0, y = 0, width, height } = graph.node(id);
  return { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) };
}

function drawnEdge(graph: Graph, edge: CellEdge, k: number): DrawnEdge {
  const { operation } = edge;
  const way = wayOf(graph, edge, k);
  const second = learnedBy(edge);
  return {
    edge,
    path: way.map(smooth).join(''),
    ...(operation === 'none' ? {} : { head: headOf(way.at(-1) ?? []) }),
    ...(operation === undefined
      ? {}
      : {
          label: {
            ...boxOf(graph, labelId(k)),
            lines: second === undefined ? [operation] : [operation, second],
            title: named(operation, edge),
          },
        }),
  };
}

/** From node to node, in pieces that the label parts. */
function wayOf(graph: Graph, { from, to, operation }: CellEdge, k: number): Point[][] {
  const ends = operation === undefined ? [from, to] : [from, labelId(k), to];
  return ends.slice(1).map((end, i) => graph.edge(ends[i] ?? from, end).points ?? []);
}

/** Quadratic curves from middle to middle, with the points as their handles. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const curves = rest.map((point, k) => {
    const next = rest[k + 1];
    if (next === undefined) return `L${tenth(point.x)} ${tenth(point.y)}`;
    const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${tenth(point.x)} ${tenth(point.y)} ${tenth(middle.x)} ${tenth(middle.y)}`;
  });
  return `M${tenth(first.x)} ${tenth(first.y)}${curves.join('')}`;
}

function headOf(points: readonly Point[]): { x: number; y: number; angle: number } {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? tip;
  const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
  return { x: tenth(tip.x), y: tenth(tip.y), angle: tenth(angle) };
}

function subscripted(label: string): NodeLabel {
  const [, base, index] = /^(\w)_\{(.+)\}$/.exec(label) ?? [];
  if (base === undefined || index === undefined) return { base: label };
  return { base, index: index.replace('-', '−') };
}

function description({ title, edges, nodes }: CellDiagram): string {
  const name = (id: string) => nodes.find((node) => node.id === id)?.label ?? id;
  const words = edges.flatMap(({ from, to, operation, ...learning }) =>
    operation === undefined ? [] : [`${name(from)} to ${name(to)}: ${named(operation, learning)}`],
  );
  return `${title}. ${words.join('; ')}`;
}

function named(operation: string, { rule, local }: Learning): string {
  if (local) return `${operation} by its own local rule`;
  return rule === undefined ? operation : `${operation} by ${rule}`;
}
