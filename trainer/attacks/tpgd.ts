// TRADES's attack: projected gradient descent away from the network's own answer, KL(p(x) || p(x')), label or no label.
// The gradient of that divergence is the one of the cross-entropy with p(x), as p(x) itself is held fixed.
import { softmax } from './answers.ts';
import type { Attack } from './attack.ts';
import { project } from './ball.ts';
import { descend } from './descent.ts';

/** Deviation of where it begins: at x itself the divergence is flat. */
const NUDGE = 0.001;

export const attack: Attack = {
  name: 'tpgd',
  source: 'Zhang et al. 2019 (1901.08573)',
  asks: 'slopes',
  budget: ({ steps = 20 }) => steps,
  async perturb(model, pictures, { norm, bound, budget, random }) {
    const { x, labels } = pictures;
    const ball = { norm, bound, size: x.length / labels.length };
    const target = softmax(await model.answer(pictures), model.classes);
    const nudged = x.map((value) => value + NUDGE * random.normal());
    return descend(model, pictures, { ball, start: project(nudged, x, ball), budget, target });
  },
};
