// Square attack: random search by squares of one colour, kept where they bring the margin of the right answer down.
// Asks for answers only, so no gradient can mislead it. Pictures that are told wrong need no further query.

import type { Random } from '../random.ts';
import { marginsOf, toldRight } from './answers.ts';
import { type Attack, type AttackedModel, type Pictures, picked } from './attack.ts';
import { type Ball, project } from './ball.ts';
import { l2Squares } from './square-l2.ts';
import { linfSquares } from './square-linf.ts';
import type { Squares } from './squares.ts';

export const attack: Attack = {
  name: 'square',
  source: 'Andriushchenko et al. 2020 (1912.00049)',
  asks: 'answers',
  budget: ({ queries = 500 }) => queries,
  async perturb(model, pictures, { norm, bound, budget, random }) {
    const { height, width, channels } = model;
    const space = { height, width, channels, bound };
    const squares = norm === 'linf' ? linfSquares(space) : l2Squares(space);
    const ball = { norm, bound, size: height * width * channels };
    const found = pictures.x.slice();
    const right = toldRight(await model.answer(pictures), pictures.labels);
    const search = new SquareSearch(pictures, found, { ball, squares, random });
    await search.guess(model, right);
    for (let query = 1; query < budget && search.open.length > 0; query++) {
      const share = shareAt(query, budget);
      await search.improve(model, Math.max(1, Math.round(Math.sqrt(share * height * width))));
    }
    return found;
  },
};

interface Space {
  readonly ball: Ball;
  readonly squares: Squares;
  readonly random: Random;
}

/** The best points so far, and the pictures still told right. */
class SquareSearch {
  open: readonly number[] = [];
  readonly #margins: Float32Array;
  readonly #pictures: Pictures;
  readonly #best: Float32Array;
  readonly #space: Space;

  constructor(pictures: Pictures, best: Float32Array, space: Space) {
    this.#pictures = pictures;
    this.#best = best;
    this.#space = space;
    this.#margins = new Float32Array(pictures.labels.length).fill(Number.POSITIVE_INFINITY);
  }

  guess(model: AttackedModel, right: readonly number[]): Promise<void> {
    this.open = right;
    const { squares, random } = this.#space;
    return this.#ask(model, (_, x) => squares.first(x, random));
  }

  improve(model: AttackedModel, side: number): Promise<void> {
    const { squares, random } = this.#space;
    return this.#ask(model, (best, x) => squares.next(best, x, side, random));
  }

  async #ask(
    model: AttackedModel,
    draw: (best: Float32Array, x: Float32Array) => Float32Array,
  ): Promise<void> {
    if (this.open.length === 0) return;
    const { ball } = this.#space;
    const { x, labels } = picked(this.#pictures, this.open);
    const tried = new Float32Array(x.length);
    for (const [to, i] of this.open.entries()) {
      const at = to * ball.size;
      const best = this.#best.subarray(i * ball.size, (i + 1) * ball.size);
      tried.set(draw(best, x.subarray(at, at + ball.size)), at);
    }
    project(tried, x, ball);
    const margins = marginsOf(await model.answer({ x: tried, labels }), labels);
    for (const [to, i] of this.open.entries()) {
      const margin = margins[to] ?? Number.NaN;
      if (!(margin < (this.#margins[i] ?? 0))) continue;
      this.#margins[i] = margin;
      this.#best.set(tried.subarray(to * ball.size, (to + 1) * ball.size), i * ball.size);
    }
    this.open = this.open.filter((i) => (this.#margins[i] ?? 0) > 0);
  }
}

const FIRST_SHARE = 0.8;
/** Of 10,000 queries, when the share of the picture that a square covers halves. */
const HALVINGS = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

function shareAt(query: number, budget: number): number {
  const scaled = Math.trunc((query / budget) * 10_000);
  return FIRST_SHARE / 2 ** HALVINGS.filter((after) => scaled > after).length;
}
