// Door of the optimizers, and the choice that a recipe names.
import type { Training } from '../../../crds/index.ts';
import { adam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

export { adam } from './adam.ts';
export type { Optimizer, OptimizerPlace } from './optimizer.ts';

type Settings = Training['optimizer'];

const OPTIMIZERS: Readonly<Record<Settings['name'], (settings: Settings) => Optimizer>> = {
  sgd,
  adam,
};

export const createOptimizer = (settings: Settings): Optimizer =>
  OPTIMIZERS[settings.name](settings);
