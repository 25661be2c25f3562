// The search algorithms by the names of the contract. Adding one: its file, a line here, and its name in crds.
import type { AlgorithmName } from '../../../crds/index.ts';
import type { SearchAlgorithm } from '../algorithm.ts';
import { grid } from './grid.ts';
import { localSearch } from './local-search.ts';
import { nsga2 } from './nsga2.ts';
import { random } from './random.ts';
import { regularizedEvolution } from './regularized-evolution.ts';
import { supernets } from './supernets.ts';
import { tpe } from './tpe.ts';

export const ALGORITHMS: Readonly<Record<AlgorithmName, SearchAlgorithm>> = {
  random,
  nsga2,
  'regularized-evolution': regularizedEvolution,
  tpe,
  'local-search': localSearch,
  grid,
  darts: supernets,
  eg: supernets,
  'one-shot': supernets,
};
