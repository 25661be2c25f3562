// The chain of DARTS cells (Liu et al. 2019): one stem or two, and cells that each read the two outputs before them, whatever their
// edges are.
import { DEFAULT_CELLS, type NetworkShape } from '../../crds/index.ts';
import {
  batchNorm,
  convolution,
  factorizedReduce,
  type Layer,
  named,
  type Place,
  relu,
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
/** Pictures with sides from here on begin with the stems of ImageNet's networks. */
const LARGE = 128;
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

/** Whether a network for pictures of this size halves them thrice before its first cell. */
export const isLarge = (sides: readonly number[]): boolean => Math.min(...sides) >= LARGE;

/** Cells at a third and two thirds reduce, and double the channels. */
export function cellPlans(
  { cells: count = DEFAULT_CELLS.darts, channels }: NetworkShape,
  stems: number,
): readonly CellPlan[] {
  const reducing = [Math.floor(count / 3), Math.floor((2 * count) / 3)];
  return Array.from({ length: count }, (_, i) => ({
    filters: channels * 2 ** reducing.filter((index) => index <= i).length,
    reduces: reducing.includes(i),
    // The second of two stems halves the picture, as a cell that reduces.
    follows: reducing.includes(i - 1) || (i === 0 && stems === 2),
  }));
}

interface WrittenCell {
  readonly y: Signal;
  backward(dy: Value): readonly (Value | undefined)[];
}

/** Preprocess the two inputs to the cell's width, run the nodes, concatenate them. */
function writeDartsCell(
  at: Place,
  inputs: readonly [before: Signal, last: Signal],
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

const conv3 = (filters: number, stride: number): Layer =>
  sequential(
    ['conv', convolution({ filters, kernel: 3, stride, padding: 1 })],
    ['norm', batchNorm()],
  );

/** For small pictures one, at full size. For large ones two, as in the authors' NetworkImageNet: to a quarter, and from there to an eighth. */
function writeStems(at: Place, pictures: Signal, channels: number): readonly Step[] {
  const [, ...sides] = pictures.value.shape.slice(0, 3);
  if (!isLarge(sides)) return [named('stem', conv3(STEM_FACTOR * channels, 1))(at, pictures)];
  const quarter = sequential(
    ['half', conv3(Math.max(1, Math.floor(channels / 2)), 2)],
    ['relu', relu],
    ['quarter', conv3(channels, 2)],
  );
  const first = named('stem0', quarter)(at, pictures);
  const eighth = sequential(['relu', relu], ['eighth', conv3(channels, 2)]);
  return [first, named('stem1', eighth)(at, first.y)];
}

export interface Chain {
  /** One, or two of which the second reads the first. */
  readonly stems: readonly Step[];
  readonly cells: readonly WrittenCell[];
}

/** Outputs of stems and cells, in this order. */
export const outputsOf = ({ stems, cells }: Chain): readonly Signal[] =>
  [...stems, ...cells].map(({ y }) => y);

/** Places among the outputs of what cell `i` reads; with one stem the first cell reads it twice. */
export const inputsOf = (i: number, stems: number): readonly [number, number] => [
  Math.max(0, i + stems - 2),
  i + stems - 1,
];

/** `inCells` is the place as cells see it. */
export function writeChain(
  at: Place,
  pictures: Signal,
  { shape, nodes, inCells = at }: ChainPlan & { readonly inCells?: Place },
): Chain {
  const stems = writeStems(at, pictures, shape.channels);
  const outputs = stems.map(({ y }) => y);
  const output = (place: number) => outputs[place] ?? at.g.refuse(`no output at place ${place}`);
  const cells = cellPlans(shape, stems.length).map((cell, i) => {
    const [before, last] = inputsOf(i, stems.length);
    const inputs = [output(before), output(last)] as const;
    const written = at.g.within(`cell${i}`, () => writeDartsCell(inCells, inputs, { cell, nodes }));
    outputs.push(written.y);
    return written;
  });
  return { stems, cells };
}

/** `arrived` holds what reaches the outputs of stems and cells from the heads, and grows on the way down. */
export function chainBackward(
  { g }: Place,
  { stems, cells }: Chain,
  arrived: (Value | undefined)[][],
): Value | undefined {
  for (const [i, cell] of [...cells.entries()].reverse()) {
    const d = sumOf(g, arrived[i + stems.length] ?? []);
    if (d === undefined) continue;
    const [dBefore, dLast] = g.within(`cell${i}`, () => cell.backward(d));
    const [before, last] = inputsOf(i, stems.length);
    arrived[before]?.push(dBefore);
    arrived[last]?.push(dLast);
  }
  let below: Value | undefined;
  for (const [i, stem] of [...stems.entries()].reverse()) {
    const d = sumOf(g, [...(arrived[i] ?? []), below]);
    const name = stems.length === 1 ? 'stem' : `stem${i}`;
    below = d === undefined ? undefined : g.within(name, () => stem.backward(d));
  }
  return below;
}

/** Nothing has arrived yet. */
export const nothingArrived = ({ stems, cells }: Chain): (Value | undefined)[][] =>
  Array.from({ length: stems.length + cells.length }, () => []);
