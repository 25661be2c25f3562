// Gates, and where their branches meet. The interpreter hands over what is there.
import { at } from '../array.ts';
import type { Kernels } from './kernel.ts';

export const branching: Kernels<'gate' | 'merge'> = {
  gate: ([x, condition], { attributes: { open } }) =>
    (at(condition.data, 0) !== 0) === open ? [x] : [],
  merge: (there) => [there[0]],
};
