// A searched cell as a graph: nodes that add up their edges' outputs, each edge a layer from an earlier signal.
// Nodes nobody reads and nodes without edges are allowed: the former get no signal, the latter are zeros.
import {
  type Layer,
  named,
  type Place,
  type Signal,
  type Step,
  sumOf,
  zero,
} from '../primitives/index.ts';
import { add, type Value } from '../program/index.ts';

export interface Edge {
  readonly name: string;
  /** Index among the cell's inputs followed by its nodes. */
  readonly from: number;
  readonly layer: Layer;
}

export interface Node {
  readonly name: string;
  readonly edges: readonly Edge[];
}

export interface WrittenCell {
  /** The nodes' outputs. */
  readonly nodes: readonly Signal[];
  /** From the signal at each node (as far as one arrives) to the signal at each input. */
  backward(dNodes: readonly (Value | undefined)[]): readonly (Value | undefined)[];
}

interface WrittenEdge {
  readonly from: number;
  readonly step: Step;
}

export function writeCell(
  at: Place,
  inputs: readonly Signal[],
  nodes: readonly Node[],
): WrittenCell {
  const signals = [...inputs];
  const incoming: (readonly WrittenEdge[])[] = nodes.map((node) => {
    const edges = node.edges.map(({ name, from, layer }) => ({
      from,
      step: named(`${node.name}/${name}`, layer)(at, signalAt(at, signals, from)),
    }));
    signals.push(added(at, edges) ?? zero()(at, signalAt(at, signals, 0)).y);
    return edges;
  });
  return {
    nodes: signals.slice(inputs.length),
    backward: (dNodes) => {
      const arrived: (Value | undefined)[][] = signals.map((_, i) => [dNodes[i - inputs.length]]);
      for (const [i, edges] of [...incoming.entries()].reverse()) {
        const d = sumOf(at.g, arrived[inputs.length + i] ?? []);
        if (d !== undefined) sendBack(d, edges, { signals, arrived });
      }
      return inputs.map((_, i) => sumOf(at.g, arrived[i] ?? []));
    },
  };
}

function signalAt({ g }: Place, signals: readonly Signal[], index: number): Signal {
  return signals[index] ?? g.refuse(`an edge comes from signal ${index} of ${signals.length}`);
}

/** The node's sum, or undefined where it has no edges. */
function added({ g }: Place, edges: readonly WrittenEdge[]): Signal | undefined {
  const [first, ...others] = edges.map(({ step }) => step.y);
  if (first === undefined) return undefined;
  return others.reduce(
    (sum, each) => ({
      value: add(g, sum.value, each.value),
      needsGradient: sum.needsGradient || each.needsGradient,
    }),
    first,
  );
}

interface Traffic {
  readonly signals: readonly Signal[];
  readonly arrived: readonly (Value | undefined)[][];
}

function sendBack(d: Value, edges: readonly WrittenEdge[], { signals, arrived }: Traffic): void {
  for (const { from, step } of edges) {
    if (!step.y.needsGradient) continue;
    const dx = step.backward(d);
    if (signals[from]?.needsGradient) arrived[from]?.push(dx);
  }
}
