// A cell as a graph: nodes from top to bottom, each edge labelled with its operation and its rule.
import { Graph, layout } from '@dagrejs/dagre';
import type { CellDiagram, CellEdge, Learning } from '../genotype/index.ts';
import { tenth } from './axes.ts';
import { html, type Markup } from './html.ts';
import { ruleColor } from './palette.ts';

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

export function cellGraph(diagram: CellDiagram): Markup {
  const graph = laidOut(diagram);
  const { width = 0, height = 0 } = graph.graph();
  const size = { width: Math.ceil(width) + 2 * MARGIN, height: Math.ceil(height) + 2 * MARGIN };
  const box = `${-MARGIN} ${-MARGIN} ${size.width} ${size.height}`;
  const content = [
    ...diagram.edges.map((edge, k) => arrow(edge, wayOf(graph, edge, k))),
    ...diagram.nodes.map(({ id, label }) => node(label, placeOf(graph, id))),
    ...diagram.edges.map((edge, k) =>
      edge.operation === undefined ? html`` : edgeLabel(edge, placeOf(graph, labelId(k))),
    ),
  ];
  return html`<figure class="cell"><figcaption>${diagram.title}</figcaption><div class="scroll"><svg class="graph" width="${size.width}" height="${size.height}" viewBox="${box}" role="group" aria-label="${description(diagram)}">${content}</svg></div></figure>`;
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

const colorOf = ({ rule, local }: Learning): string => {
  if (local) return 'var(--ink)';
  return rule === undefined ? 'var(--muted)' : ruleColor(rule);
};

const labelHeight = (learning: Learning): number =>
  LABEL_HEIGHT[learnedBy(learning) === undefined ? 'one' : 'two'];

/** From node to node, in pieces that the label parts. */
function wayOf(graph: Graph, { from, to, operation }: CellEdge, k: number): Point[][] {
  const ends = operation === undefined ? [from, to] : [from, labelId(k), to];
  return ends.slice(1).map((end, i) => graph.edge(ends[i] ?? from, end).points ?? []);
}

function placeOf(graph: Graph, id: string): Point & { readonly width: number } {
  const { x = 0, y = 0, width } = graph.node(id);
  return { x, y, width };
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

function node(label: string, { x, y, width }: Point & { readonly width: number }): Markup {
  return html`<g class="node"><rect x="${tenth(x - width / 2)}" y="${tenth(y - NODE_HEIGHT / 2)}" width="${tenth(width)}" height="${NODE_HEIGHT}" rx="14"/><text x="${tenth(x)}" y="${tenth(y + 4)}" text-anchor="middle">${subscripted(label)}</text></g>`;
}

/** `c_{k-1}` as mathematics writes it. */
function subscripted(label: string): Markup {
  const [, base, index] = /^(\w)_\{(.+)\}$/.exec(label) ?? [];
  if (base === undefined || index === undefined) return html`${label}`;
  return html`${base}<tspan dy="4" font-size="9">${index.replace('-', '−')}</tspan>`;
}

function arrow({ operation, ...learning }: CellEdge, way: readonly (readonly Point[])[]): Markup {
  const color = colorOf(learning);
  const kind = operation === 'none' ? 'edge none' : 'edge';
  return html`<g class="${kind}" style="--rule: ${color}"><path d="${way.map(smooth).join('')}"/>${operation === 'none' ? undefined : head(way.at(-1) ?? [])}</g>`;
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

function head(points: readonly Point[]): Markup {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? tip;
  const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
  return html`<path class="head" d="M0 0L-9 -4.5L-9 4.5Z" transform="translate(${tenth(tip.x)} ${tenth(tip.y)}) rotate(${tenth(angle)})"/>`;
}

function edgeLabel({ operation = '', ...learning }: CellEdge, { x, y }: Point): Markup {
  const width = widthOf(operation, 40);
  const height = labelHeight(learning);
  const second = learnedBy(learning);
  const lines =
    second === undefined
      ? html`<text x="${tenth(x)}" y="${tenth(y + 4)}" text-anchor="middle">${operation}</text>`
      : html`<text x="${tenth(x)}" y="${tenth(y - 3)}" text-anchor="middle">${operation}</text><text class="rule" x="${tenth(x)}" y="${tenth(y + 12)}" text-anchor="middle">${second}</text>`;
  return html`<g class="${second === undefined ? 'label plain' : 'label'}" style="--rule: ${colorOf(learning)}"><title>${named(operation, learning)}</title><rect x="${tenth(x - width / 2)}" y="${tenth(y - height / 2)}" width="${width}" height="${height}" rx="6"/>${lines}</g>`;
}
