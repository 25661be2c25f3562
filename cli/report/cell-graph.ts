// A cell as a graph: nodes from top to bottom, each edge labelled with its operation and its rule.
import {
  type Box,
  type CellLayout,
  cellLayout,
  type DrawnEdge,
  ruleColor,
  tenth,
} from '../drawing/index.ts';
import type { CellDiagram, Learning } from '../genotype/index.ts';
import { html, type Markup } from './html.ts';

export function cellGraph(diagram: CellDiagram): Markup {
  const { width, height, viewBox, nodes, edges, description } = cellLayout(diagram);
  const content = [...edges.map(arrow), ...nodes.map(node), ...edges.map(edgeLabel)];
  return html`<figure class="cell"><figcaption>${diagram.title}</figcaption><div class="scroll"><svg class="graph" width="${width}" height="${height}" viewBox="${viewBox}" role="group" aria-label="${description}">${content}</svg></div></figure>`;
}

const colorOf = ({ rule, local }: Learning): string => {
  if (local) return 'var(--ink)';
  return rule === undefined ? 'var(--muted)' : ruleColor(rule);
};

/** The corner from which SVG draws a box. */
const corner = ({ x, y, width, height }: Box): Markup =>
  html`x="${tenth(x - width / 2)}" y="${tenth(y - height / 2)}" width="${width}" height="${height}"`;

function node({ label: { base, index }, ...box }: CellLayout['nodes'][number]): Markup {
  const below =
    index === undefined ? undefined : html`<tspan dy="4" font-size="9">${index}</tspan>`;
  return html`<g class="node"><rect ${corner(box)} rx="14"/><text x="${box.x}" y="${tenth(box.y + 4)}" text-anchor="middle">${base}${below}</text></g>`;
}

function arrow({ edge, path, head }: DrawnEdge): Markup {
  const kind = head === undefined ? 'edge none' : 'edge';
  const tip =
    head === undefined
      ? undefined
      : html`<path class="head" d="M0 0L-9 -4.5L-9 4.5Z" transform="translate(${head.x} ${head.y}) rotate(${head.angle})"/>`;
  return html`<g class="${kind}" style="--rule: ${colorOf(edge)}"><path d="${path}"/>${tip}</g>`;
}

function edgeLabel({ edge, label }: DrawnEdge): Markup {
  if (label === undefined) return html``;
  const {
    x,
    y,
    title,
    lines: [operation, second],
  } = label;
  const lines =
    second === undefined
      ? html`<text x="${x}" y="${tenth(y + 4)}" text-anchor="middle">${operation}</text>`
      : html`<text x="${x}" y="${tenth(y - 3)}" text-anchor="middle">${operation}</text><text class="rule" x="${x}" y="${tenth(y + 12)}" text-anchor="middle">${second}</text>`;
  return html`<g class="${second === undefined ? 'label plain' : 'label'}" style="--rule: ${colorOf(edge)}"><title>${title}</title><rect ${corner(label)} rx="6"/>${lines}</g>`;
}
