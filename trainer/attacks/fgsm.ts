// Fast gradient sign: one step of full length. In l2 the fast gradient method, along the gradient itself.
import type { Attack } from './attack.ts';
import { climb, project } from './ball.ts';

export const attack: Attack = {
  name: 'fgsm',
  source: 'Goodfellow, Shlens & Szegedy 2015 (1412.6572)',
  asks: 'slopes',
  budget: () => 1,
  async perturb(model, pictures, { norm, bound }) {
    const ball = { norm, bound, size: pictures.x.length / pictures.labels.length };
    const { gradient } = await model.slope(pictures);
    return project(climb(pictures.x, gradient, ball, bound), pictures.x, ball);
  },
};
