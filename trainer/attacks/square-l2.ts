// Square attack in l2: the length is spent on a grid of bumps, then moved from one window to another that gets one more bump.
import type { Random } from '../random.ts';
import { lengthOf } from './ball.ts';
import { type SquareSpace, type Squares, sign } from './squares.ts';

const TINY = 1e-12;

export function l2Squares(space: SquareSpace): Squares {
  const { height, width, channels, bound } = space;
  const whole = height * width * channels;
  const longest = (x: Float32Array, delta: Float32Array): Float32Array => {
    const length = lengthOf(delta, 0, whole) + TINY;
    return x.map((value, i) => value + (bound * (delta[i] ?? 0)) / length);
  };
  return {
    first: (x, random) => longest(x, tiled(space, random)),
    next(best, x, wanted, random) {
      const side = odd(Math.max(wanted, 3), Math.min(height, width));
      const place = () => ({
        top: random.int(height - side + 1),
        left: random.int(width - side + 1),
        side,
      });
      const delta = best.map((value, i) => value - (x[i] ?? 0));
      return longest(x, moveLength(delta, space, { to: place(), from: place() }, random));
    },
  };
}

/** A bump in every window of a grid over the middle. */
function tiled(space: SquareSpace, random: Random): Float32Array {
  const { height, width, channels } = space;
  const side = Math.max(1, Math.floor(Math.min(height, width) / 5));
  const starts = (total: number): number[] => {
    const count = Math.floor(total / side);
    const margin = Math.floor((total - count * side) / 2);
    return Array.from({ length: count }, (_, i) => margin + i * side);
  };
  const windows = starts(height).flatMap((top) =>
    starts(width).map((left) => ({ top, left, side })),
  );
  const delta = new Float32Array(height * width * channels);
  for (const window of windows) {
    const shape = bump(side, random);
    for (let c = 0; c < channels; c++) {
      const factor = sign(random);
      for (const [i, at] of placesOf(space, window, c).entries())
        delta[at] = factor * (shape[i] ?? 0);
    }
  }
  return delta;
}

/** The nearest odd side that fits. */
function odd(side: number, most: number): number {
  const fits = Math.min(side, most);
  return fits % 2 === 1 ? fits : fits + 1 <= most ? fits + 1 : fits - 1;
}

interface Window {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

/** Places of a window in one channel, row by row. */
function placesOf({ width, channels }: SquareSpace, { top, left, side }: Window, c: number) {
  return Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [top + Math.floor(i / side), left + (i % side)];
    return (row * width + column) * channels + c;
  });
}

interface Move {
  readonly to: Window;
  readonly from: Window;
}

/** Empties `from`; `to` gets the length of both and what the whole has to spare, in its own direction and a new bump's. */
function moveLength(
  delta: Float32Array,
  space: SquareSpace,
  { to, from }: Move,
  random: Random,
): Float32Array {
  const { channels, bound } = space;
  const spare = Math.max(bound ** 2 - lengthOf(delta, 0, delta.length) ** 2, 0) / channels;
  const moved = delta.slice();
  const shape = bump(to.side, random);
  for (let c = 0; c < channels; c++) {
    const into = placesOf(space, to, c);
    const out = placesOf(space, from, c);
    const both = Math.hypot(...[...new Set([...into, ...out])].map((at) => delta[at] ?? 0));
    const own = Math.hypot(...into.map((at) => delta[at] ?? 0)) + TINY;
    const factor = sign(random);
    const direction = into.map((at, i) => factor * (shape[i] ?? 0) + (delta[at] ?? 0) / own);
    const length = Math.hypot(...direction) + TINY;
    for (const at of out) moved[at] = 0;
    for (const [i, at] of into.entries())
      moved[at] = ((direction[i] ?? 0) * Math.sqrt(spare + both ** 2)) / length;
  }
  return moved;
}

/** [side, side] of length 1: a hill beside a hollow, one above the other or side by side. */
function bump(side: number, random: Random): Float32Array {
  const half = Math.floor(side / 2);
  const upper = hill(half, side);
  const lower = hill(side - half, side);
  const stacked = [...upper, ...lower.map((value) => -value)];
  const flipped = random.next() & 1;
  const laid = stacked.map((value, i) =>
    flipped ? (stacked[(i % side) * side + Math.floor(i / side)] ?? 0) : value,
  );
  const length = Math.hypot(...laid) + TINY;
  return Float32Array.from(laid, (value) => value / length);
}

/** Nested rectangles around the middle, the k-th from within adding 1/k^2; length 1. */
function hill(rows: number, columns: number): number[] {
  const middle = { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
  const rings = Math.max(middle.row, middle.column) + 1;
  const height = (row: number, column: number): number => {
    const ring = Math.max(Math.abs(row - middle.row), Math.abs(column - middle.column));
    let sum = 0;
    for (let k = ring; k < rings; k++) sum += 1 / (k + 1) ** 2;
    return sum;
  };
  const values = Array.from({ length: rows * columns }, (_, i) =>
    height(Math.floor(i / columns), i % columns),
  );
  const length = Math.hypot(...values) + TINY;
  return values.map((value) => value / length);
}
