// Attack by transfer: what fools one network often fools another. Projected gradient descent on a surrogate that can be looked into.
import type { Attack } from './attack.ts';
import { attack as pgd } from './pgd.ts';

export const attack: Attack = {
  name: 'transfer',
  source: 'Papernot, McDaniel & Goodfellow 2016 (1605.07277); the pictures by Madry et al. 2018',
  asks: 'surrogate',
  budget: pgd.budget,
  perturb: (surrogate, pictures, strength) => pgd.perturb(surrogate, pictures, strength),
};
