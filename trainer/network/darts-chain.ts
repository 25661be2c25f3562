// The chain of DARTS cells (Liu et al. 2019): a stem, and cells that each read the two before them, whatever their edges are.
import { DEFAULT_CELLS, type NetworkShape } from '../../crds/index.ts';
import {
  batchNorm,
  convolution,
  factorizedReduce,
  type Layer,
  named,
  type Place,
  reluConvolution,
  type Signal,
  type Step,
  sequential,
  splitChannels,
  sumOf,
} from '../primitives/index.ts';
import { concat, type Value } from '../program/index.ts';
import { type Node, writeCell } from './cell.ts';

const STEM_FACTOR = 3;
/** A cell reads the two before it. */
export const PREVIOUS_CELLS = 2;

/** One cell of the chain. */
export interface CellPlan {
  readonly filters: number;
  readonly reduces: boolean;
  /** The cell before halved the picture, so the one before that is twice as large. */
  readonly follows: boolean;
}

/** Of a cell's edge from that place: a cell that reduces reads its inputs at stride 2. */
export const strideFrom = (from: number, { reduces }: CellPlan): number =>
  reduces && from < PREVIOUS_CELLS ? 2 : 1;

export interface ChainPlan {
  readonly shape: NetworkShape;
  readonly nodes: (cell: CellPlan) => readonly Node[];
}

/** Cells at a third and two thirds reduce, and double the channels. */
function cellPlans({
  cells: count = DEFAULT_CELLS.darts,
  channels,
}: NetworkShape): readonly CellPlan[] {
  const reducing = [Math.floor(count / 3), Math.floor((2 * count) / 3)];
  return Array.from({ length: count }, (_, i) => ({
    filters: channels * 2 ** reducing.filter((index) => index <= i).length,
    reduces: reducing.includes(i),
    follows: reducing.includes(i - 1),
  }));
}

interface WrittenCell {
  readonly y: Signal;
  backward(dy: Value): readonly (Value | undefined)[];
}

/** Preprocess the two inputs to the cell's width, run the nodes, concatenate them. */
function writeDartsCell(
  at: Place,
  inputs: readonly [Signal, Signal],
  { cell, nodes: nodesOf }: { cell: CellPlan; nodes: ChainPlan['nodes'] },
): WrittenCell {
  const { g } = at;
  const toWidth = reluConvolution({ filters: cell.filters, kernel: 1 });
  const first = cell.follows ? factorizedReduce(cell.filters) : toWidth;
  const preprocess = [
    named('preprocess0', first)(at, inputs[0]),
    named('preprocess1', toWidth)(at, inputs[1]),
  ];
  const preprocessed = preprocess.map(({ y }) => y);
  const { nodes, backward } = writeCell(at, preprocessed, nodesOf(cell));
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

export interface Chain {
  readonly stem: Step;
  readonly cells: readonly WrittenCell[];
}

/** `inCells` is the place as cells see it. */
export function writeChain(
  at: Place,
  pictures: Signal,
  { shape, nodes, inCells = at }: ChainPlan & { readonly inCells?: Place },
): Chain {
  const start = named('stem', stem(shape.channels))(at, pictures);
  let [before, last] = [start.y, start.y];
  const cells = cellPlans(shape).map((cell, i) => {
    const written = at.g.within(`cell${i}`, () =>
      writeDartsCell(inCells, [before, last], { cell, nodes }),
    );
    [before, last] = [last, written.y];
    return written;
  });
  return { stem: start, cells };
}

/** `arrived` holds what reaches the stem (0) and each cell (1..) from the heads, and grows on the way down. */
export function chainBackward(
  { g }: Place,
  { stem, cells }: Chain,
  arrived: (Value | undefined)[][],
): Value | undefined {
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

/** Nothing has arrived yet. */
export const nothingArrived = ({ cells }: Chain): (Value | undefined)[][] =>
  Array.from({ length: cells.length + 1 }, () => []);
