// Projected gradient descent from a random point, by steps of a quarter of the bound; the last point counts.
import type { Attack } from './attack.ts';
import { randomPoint } from './ball.ts';
import { descend } from './descent.ts';

export const attack: Attack = {
  name: 'pgd',
  source: 'Madry et al. 2018 (1706.06083)',
  asks: 'slopes',
  budget: ({ steps = 20 }) => steps,
  perturb(model, pictures, { norm, bound, budget, random }) {
    const ball = { norm, bound, size: pictures.x.length / pictures.labels.length };
    return descend(model, pictures, { ball, start: randomPoint(pictures.x, ball, random), budget });
  },
};
