// Projected gradient ascent of a loss by steps of equal length, from a point in the ball around a picture: what PGD and its kin share.
import type { AttackedModel, Pictures, Strength } from './attack.ts';
import { type Ball, climb, project } from './ball.ts';

/** Of the bound: small enough to follow a bend, and the ball is crossed in 8 steps. */
const STEP = 1 / 4;

export interface Descent extends Pick<Strength, 'budget'> {
  readonly ball: Ball;
  readonly start: Float32Array;
  /** As AttackedModel.slope. */
  readonly target?: Float32Array;
}

/** The last point. */
export async function descend(
  model: AttackedModel,
  { x, labels }: Pictures,
  { ball, start, budget, target }: Descent,
): Promise<Float32Array> {
  let moved = start;
  for (let step = 0; step < budget; step++) {
    const { gradient } = await model.slope({ x: moved, labels }, target);
    moved = project(climb(moved, gradient, ball, STEP * ball.bound), x, ball);
  }
  return moved;
}
