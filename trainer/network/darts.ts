// Networks of DARTS cells (Liu et al. 2019), as retrained: two kinds of cells, each reading the two cells before it.
import type { DartsCell, DartsEdge, DartsGenotype, DartsOperation } from '../../crds/index.ts';
import {
  auxiliaryHead,
  averagePool,
  batchNorm,
  classifier,
  convolution,
  dilatedConvolution,
  droppingPath,
  factorizedReduce,
  type Head,
  hebbianConvolution,
  identity,
  type Layer,
  learningBy,
  maxPool,
  named,
  type Place,
  reluConvolution,
  type Signal,
  type Step,
  separableConvolution,
  sequential,
  softHebbConvolution,
  splitChannels,
  sumOf,
} from '../primitives/index.ts';
import { concat, type Value } from '../program/index.ts';
import { type Node, writeCell } from './cell.ts';
import { type Network, type NetworkPlan, requireSide, ruleOf } from './network.ts';

const CELLS = 8;
const STEM_FACTOR = 3;
const PREVIOUS_CELLS = 2;

type Plan = NetworkPlan<DartsGenotype>;

/** An operation of an edge at some width and stride. */
const OPERATIONS: Readonly<Record<DartsOperation, (filters: number, stride: number) => Layer>> = {
  skip_connect: (filters, stride) => (stride === 1 ? identity : factorizedReduce(filters)),
  max_pool_3x3: (_, stride) => maxPool({ window: 3, stride, padding: 1 }),
  avg_pool_3x3: (_, stride) => averagePool({ window: 3, stride, padding: 1 }),
  sep_conv_3x3: (filters, stride) => separableConvolution({ filters, kernel: 3, stride }),
  sep_conv_5x5: (filters, stride) => separableConvolution({ filters, kernel: 5, stride }),
  dil_conv_3x3: (filters, stride) => dilatedConvolution({ filters, kernel: 3, stride }),
  dil_conv_5x5: (filters, stride) => dilatedConvolution({ filters, kernel: 5, stride }),
  hebbian_conv_3x3: (filters, stride) => hebbianConvolution({ filters, kernel: 3, stride }),
  softhebb_conv_3x3: (filters, stride) => softHebbConvolution({ filters, kernel: 3, stride }),
};

/** One cell of the chain. */
interface CellPlan {
  readonly genotype: DartsCell;
  readonly filters: number;
  readonly reduces: boolean;
  /** The cell before halved the picture, so the one before that is twice as large. */
  readonly follows: boolean;
}

/** Cells at a third and two thirds reduce, and double the channels. */
function cellPlans({ genotype, shape }: Plan): readonly CellPlan[] {
  const count = shape.cells ?? CELLS;
  const reducing = [Math.floor(count / 3), Math.floor((2 * count) / 3)];
  return Array.from({ length: count }, (_, i) => {
    const reduces = reducing.includes(i);
    const passed = reducing.filter((index) => index <= i).length;
    return {
      genotype: reduces ? genotype.reduce : genotype.normal,
      filters: shape.channels * 2 ** passed,
      reduces,
      follows: reducing.includes(i - 1),
    };
  });
}

/** An edge with its rule and, unless it is the identity, drop-path; without one of its own (a strided skip) the weights learn by `rest`, the place's rule. */
function edgeLayer(edge: DartsEdge, cell: CellPlan, { rules, dropPath }: Plan): Layer {
  const stride = cell.reduces && edge.from < PREVIOUS_CELLS ? 2 : 1;
  const operation = OPERATIONS[edge.operation](cell.filters, stride);
  const layer =
    edge.rule === undefined
      ? operation
      : learningBy(ruleOf(rules, edge.rule, edge.operation), operation);
  return dropPath && operation !== identity ? droppingPath(layer) : layer;
}

const nodesOf = (cell: CellPlan, plan: Plan): readonly Node[] =>
  cell.genotype.map((edges, i) => ({
    name: `node${i + PREVIOUS_CELLS}`,
    edges: edges.map((edge, j) => ({
      name: `edge${j}`,
      from: edge.from,
      layer: edgeLayer(edge, cell, plan),
    })),
  }));

interface WrittenCell {
  readonly y: Signal;
  backward(dy: Value): readonly (Value | undefined)[];
}

/** Preprocess the two inputs to the cell's width, run the nodes, concatenate them. */
function writeDartsCell(
  at: Place,
  inputs: readonly [Signal, Signal],
  { cell, plan }: { cell: CellPlan; plan: Plan },
): WrittenCell {
  const { g } = at;
  const toWidth = reluConvolution({ filters: cell.filters, kernel: 1 });
  const first = cell.follows ? factorizedReduce(cell.filters) : toWidth;
  const preprocess = [
    named('preprocess0', first)(at, inputs[0]),
    named('preprocess1', toWidth)(at, inputs[1]),
  ];
  const preprocessed = preprocess.map(({ y }) => y);
  const { nodes, backward } = writeCell(at, preprocessed, nodesOf(cell, plan));
  const outputs = nodes.map(({ value }) => value);
  const needsGradient = nodes.some((node) => node.needsGradient);
  return {
    y: { value: concat(g, outputs, 3), needsGradient },
    backward: (dy) =>
      backward(splitChannels(g, dy, outputs)).map((d, i) =>
        d === undefined ? undefined : preprocess[i]?.backward(d),
      ),
  };
}

const stem = (channels: number): Layer =>
  sequential(
    ['conv', convolution({ filters: STEM_FACTOR * channels, kernel: 3, padding: 1 })],
    ['norm', batchNorm()],
  );

interface Chain {
  readonly stem: Step;
  readonly cells: readonly WrittenCell[];
}

function writeChain(at: Place, pictures: Signal, plan: Plan): Chain {
  const start = named('stem', stem(plan.shape.channels))(at, pictures);
  let [before, last] = [start.y, start.y];
  const cells = cellPlans(plan).map((cell, i) => {
    const written = at.g.within(`cell${i}`, () =>
      writeDartsCell(at, [before, last], { cell, plan }),
    );
    [before, last] = [last, written.y];
    return written;
  });
  return { stem: start, cells };
}

/** `arrived` holds what reaches the stem (0) and each cell (1..) from the heads, and grows on the way down. */
function chainBackward({ g }: Place, { stem, cells }: Chain, arrived: (Value | undefined)[][]) {
  for (const [i, cell] of [...cells.entries()].reverse()) {
    const d = sumOf(g, arrived[i + 1] ?? []);
    if (d === undefined) continue;
    const [dBefore, dLast] = g.within(`cell${i}`, () => cell.backward(d));
    arrived[Math.max(0, i - 1)]?.push(dBefore);
    arrived[i]?.push(dLast);
  }
  const d = sumOf(g, arrived[0] ?? []);
  return d === undefined ? undefined : g.within('stem', () => stem.backward(d));
}

/** @throws NetworkError for pictures smaller than 4 x 4, or 8 x 8 with the auxiliary head */
export function darts(plan: Plan): Network {
  const { task, genotype, rules } = plan;
  requireSide('darts', task, { least: 4, why: 'halves pictures twice' });
  if (plan.auxiliary)
    requireSide('darts with an auxiliary head', task, { least: 8, why: 'needs 2 x 2 at the end' });
  const rest = ruleOf(rules, genotype.rest, 'rest');

  return (place, pictures) => {
    const at = { ...place, rule: rest };
    const chain = writeChain(at, pictures, plan);
    const { cells } = chain;
    const branch = Math.floor((2 * cells.length) / 3);
    const signal = (i: number) => cells[i]?.y ?? chain.stem.y;
    const head = named('classifier', classifier(task.classes))(at, signal(cells.length - 1));
    const aside: Head = { classes: task.classes };
    const side =
      plan.auxiliary && at.mode === 'train'
        ? named('auxiliary', auxiliaryHead(task.classes))({ ...at, head: aside }, signal(branch))
        : undefined;
    return {
      logits: head.y.value,
      ...(side === undefined ? {} : { auxiliary: side.y.value }),
      backward: (dLogits, dAuxiliary) => {
        const arrived: (Value | undefined)[][] = Array.from({ length: cells.length + 1 }, () => []);
        arrived[cells.length]?.push(head.backward(dLogits));
        if (dAuxiliary !== undefined) aside.error = dAuxiliary;
        if (dAuxiliary !== undefined) arrived[branch + 1]?.push(side?.backward(dAuxiliary));
        return chainBackward(at, chain, arrived);
      },
    };
  };
}
