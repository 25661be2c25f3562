// TRADES's attack: projected gradient descent away from the network's own answer, KL(p(x) || p(x')), label or no label.
// The gradient of that divergence is the one of the cross-entropy with p(x), as p(x) itself is held fixed.
import { softmax } from './answers.ts';
import type { Attack } from './attack.ts';
import { climb, normal, project } from './ball.ts';
import { STEP } from './pgd.ts';

/** Deviation of where it begins: at x itself the divergence is flat. */
const NUDGE = 0.001;

export const attack: Attack = {
  name: 'tpgd',
  source: 'Zhang et al. 2019 (1901.08573)',
  whiteBox: true,
  async perturb(model, { x, labels }, { norm, bound, budget, random }) {
    const ball = { norm, bound, size: x.length / labels.length };
    const before = softmax(await model.answer({ x, labels }), model.classes);
    let moved = project(
      x.map((value) => value + NUDGE * normal(random)),
      x,
      ball,
    );
    for (let step = 0; step < budget; step++) {
      const { gradient } = await model.slope({ x: moved, labels }, before);
      moved = project(climb(moved, gradient, ball, STEP * bound), x, ball);
    }
    return moved;
  },
};
