// The set that an attack may not leave: pictures near the original, in [0, 1]. Steepest steps and random points in it.
// Every function treats each picture of `size` numbers by itself.
import type { Random } from '../random.ts';
import type { Norm } from './attack.ts';

export interface Ball {
  readonly norm: Norm;
  /** In units of [0, 1]. */
  readonly bound: number;
  /** Numbers of a picture. */
  readonly size: number;
}

const TINY = 1e-12;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** Euclidean length of the numbers from `from` on. */
export function lengthOf(values: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let i = from; i < from + size; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** `moved`, brought back into the ball around `x` and into [0, 1], in place. */
export function project(moved: Float32Array, x: Float32Array, ball: Ball): Float32Array {
  const { norm, bound, size } = ball;
  if (norm === 'l2') shorten(moved, x, { bound, size });
  const room = norm === 'linf' ? bound : 1;
  for (const [i, original] of x.entries()) {
    const near = clamp(moved[i] ?? 0, original - room, original + room);
    moved[i] = clamp(near, 0, 1);
  }
  return moved;
}

function shorten(moved: Float32Array, x: Float32Array, { bound, size }: Omit<Ball, 'norm'>): void {
  for (let from = 0; from < x.length; from += size) {
    const length = distance(moved, x, from, size);
    if (length <= bound) continue;
    for (let i = from; i < from + size; i++)
      moved[i] = (x[i] ?? 0) + (((moved[i] ?? 0) - (x[i] ?? 0)) * bound) / length;
  }
}

function distance(a: Float32Array, b: Float32Array, from: number, size: number): number {
  let sum = 0;
  for (let i = from; i < from + size; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

/** `from` moved by the steepest step along the gradient: its sign, or its direction; one rate, or one a picture. */
export function climb(
  from: Float32Array,
  gradient: Float32Array,
  { norm, size }: Pick<Ball, 'norm' | 'size'>,
  rate: number | Float32Array,
): Float32Array {
  const direction = norm === 'linf' ? gradient.map(Math.sign) : unit(gradient, size);
  return from.map((value, i) => {
    const step = typeof rate === 'number' ? rate : (rate[Math.floor(i / size)] ?? 0);
    return value + step * (direction[i] ?? 0);
  });
}

function unit(gradient: Float32Array, size: number): Float32Array {
  const direction = gradient.slice();
  for (let from = 0; from < direction.length; from += size) {
    const length = lengthOf(gradient, from, size) + TINY;
    for (let i = from; i < from + size; i++) direction[i] = (gradient[i] ?? 0) / length;
  }
  return direction;
}

/** Uniform in the cube; for l2 in a random direction, at a distance uniform up to the bound. */
export function randomPoint(x: Float32Array, ball: Ball, random: Random): Float32Array {
  const { norm, bound, size } = ball;
  const moved = new Float32Array(x.length);
  for (let from = 0; from < x.length; from += size) {
    const drawn = randomDirection(norm, size, random);
    const factor = norm === 'l2' ? (random.uniform() * bound) / lengthOf(drawn, 0, size) : bound;
    for (const [i, value] of drawn.entries()) moved[from + i] = (x[from + i] ?? 0) + factor * value;
  }
  return project(moved, x, ball);
}

/** Uniform in the cube of side 2, or normal in every number, which favours no direction. */
export const randomDirection = (norm: Norm, size: number, random: Random): Float32Array =>
  Float32Array.from({ length: size }, () =>
    norm === 'l2' ? random.normal() : 2 * random.uniform() - 1,
  );
