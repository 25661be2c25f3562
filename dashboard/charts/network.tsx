// A network: its cells as graphs or its layers as a chain, with operation and rule on each edge.

import { useMemo } from 'preact/hooks';
import { type Box, cellLayout, type DrawnEdge, ruleColor, tenth } from '../../cli/drawing/index.ts';
import type { Diagram } from '../api.ts';
import { RuleKeys } from './rule-shares.tsx';

type Cell = Extract<Diagram, { kind: 'cell' }>;
type Chain = Extract<Diagram, { kind: 'chain' }>;

export function Network({ diagrams }: { diagrams: readonly Diagram[] }) {
  const rules = diagrams.flatMap((diagram) =>
    diagram.kind === 'cell'
      ? diagram.edges.flatMap(({ rule }) => rule ?? [])
      : diagram.layers.map(({ rule }) => rule),
  );
  return (
    <>
      <div class="cells">
        {diagrams.map((diagram) =>
          diagram.kind === 'cell' ? (
            <CellGraph key={diagram.title} cell={diagram} />
          ) : (
            <ChainList key={diagram.title} chain={diagram} />
          ),
        )}
      </div>
      <RuleKeys rules={[...new Set(rules)].toSorted()} />
    </>
  );
}

function CellGraph({ cell }: { cell: Cell }) {
  const { width, height, viewBox, nodes, edges, description } = useMemo(
    () => cellLayout(cell),
    [cell],
  );
  return (
    <figure class="cell">
      <figcaption>{cell.title}</figcaption>
      <div class="scroll" tabIndex={0} role="group" aria-label={cell.title}>
        <svg
          class="graph"
          width={width}
          height={height}
          viewBox={viewBox}
          role="img"
          aria-label={description}
        >
          {edges.map((edge) => (
            <Arrow key={edge.path} {...edge} />
          ))}
          {nodes.map(({ label, ...box }) => (
            <g class="node" key={`${box.x} ${box.y}`}>
              <rect {...corner(box)} rx={14} />
              <text x={box.x} y={box.y + 4} text-anchor="middle">
                {label.base}
                {label.index === undefined ? undefined : (
                  <tspan dy={4} font-size={9}>
                    {label.index}
                  </tspan>
                )}
              </text>
            </g>
          ))}
          {edges.map((edge) => (
            <Label key={edge.path} {...edge} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

/** From where SVG draws a box. */
const corner = ({ x, y, width, height }: Box) => ({
  x: tenth(x - width / 2),
  y: tenth(y - height / 2),
  width,
  height,
});

const colored = ({ rule, local }: Cell['edges'][number]) => ({
  '--rule': local ? 'var(--ink)' : rule === undefined ? 'var(--muted)' : ruleColor(rule),
});

const Arrow = ({ edge, path, head }: DrawnEdge) => (
  <g class={head === undefined ? 'edge none' : 'edge'} style={colored(edge)}>
    <path d={path} />
    {head && (
      <path
        class="head"
        d="M0 0L-9 -4.5L-9 4.5Z"
        transform={`translate(${head.x} ${head.y}) rotate(${head.angle})`}
      />
    )}
  </g>
);

function Label({ edge, label }: DrawnEdge) {
  if (label === undefined) return null;
  const [operation, second] = label.lines;
  const y = second === undefined ? label.y + 4 : label.y - 3;
  return (
    <g class={second === undefined ? 'label plain' : 'label'} style={colored(edge)}>
      <title>{label.title}</title>
      <rect {...corner(label)} rx={6} />
      <text x={label.x} y={y} text-anchor="middle">
        {operation}
      </text>
      {second === undefined ? undefined : (
        <text class="rule" x={label.x} y={label.y + 12} text-anchor="middle">
          {second}
        </text>
      )}
    </g>
  );
}

const ChainList = ({ chain: { title, layers } }: { chain: Chain }) => (
  <figure class="cell">
    <figcaption>{title}</figcaption>
    <ol class="chain">
      {layers.map(({ name, rule }) => (
        <li key={name} style={{ '--rule': ruleColor(rule) }}>
          {name} <b>{rule}</b>
        </li>
      ))}
    </ol>
  </figure>
);
