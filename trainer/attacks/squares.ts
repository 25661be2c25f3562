// What the two norms of the square attack differ in.
import type { Random } from '../random.ts';
import type { PictureShape } from './attack.ts';

/** How one norm draws: a first guess, and a change of the best one. Both give [H,W,C] before projection. */
export interface Squares {
  first(x: Float32Array, random: Random): Float32Array;
  /** `side`: of the square, by the schedule. */
  next(best: Float32Array, x: Float32Array, side: number, random: Random): Float32Array;
}

export interface SquareSpace extends PictureShape {
  /** In units of [0, 1]. */
  readonly bound: number;
}

/** 1 or -1. */
export const sign = (random: Random): number => (random.next() & 1 ? 1 : -1);
