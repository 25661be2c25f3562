// Projected gradient descent from a random point, by steps of a quarter of the bound; the last point counts.
import type { Attack } from './attack.ts';
import { climb, project, randomPoint } from './ball.ts';

/** Of the bound: small enough to follow a bend, and the ball is crossed in 8 steps. */
export const STEP = 1 / 4;

export const attack: Attack = {
  name: 'pgd',
  source: 'Madry et al. 2018 (1706.06083)',
  whiteBox: true,
  async perturb(model, { x, labels }, { norm, bound, budget, random }) {
    const ball = { norm, bound, size: x.length / labels.length };
    let moved = randomPoint(x, ball, random);
    for (let step = 0; step < budget; step++) {
      const { gradient } = await model.slope({ x: moved, labels });
      moved = project(climb(moved, gradient, ball, STEP * bound), x, ball);
    }
    return moved;
  },
};
