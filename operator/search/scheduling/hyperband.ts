// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar 2018, Algorithm 1): brackets of successive halving that trade the
// number of networks n for the epochs r that each begins with, one after another, and from the start again.
import {
  type BracketPlan,
  type BracketsState,
  decide,
  openBrackets,
  promote,
  report,
  start,
} from './brackets.ts';
import type { Scheduler } from './scheduler.ts';

export const hyperband: Scheduler<BracketsState> = {
  hasRungs: true,
  readsCurves: false,

  init({ settings, epochs, objectives }) {
    const { eta = 3, minEpochs = 1 } = settings;
    return openBrackets(hyperbandBrackets(epochs, eta, minEpochs), { eta, objectives });
  },

  decide,
  start,
  promote,
  report,
};

/**
 * Bracket s, from s_max to 0, has n = ceil((s_max + 1) eta^s / (s + 1)) networks that begin with r = R eta^-s epochs; s_max is the
 * largest s with R eta^-s >= minEpochs. Epochs are rounded; R is `epochs`, and the last rung of every bracket.
 */
export function hyperbandBrackets(epochs: number, eta: number, minEpochs: number): BracketPlan[] {
  let sMax = 0;
  while (minEpochs * eta ** (sMax + 1) <= epochs) sMax += 1;
  return Array.from({ length: sMax + 1 }, (_, k) => {
    const s = sMax - k;
    return {
      networks: Math.ceil(((sMax + 1) * eta ** s) / (s + 1)),
      epochs: Array.from({ length: s + 1 }, (__, i) => Math.round(epochs / eta ** (s - i))),
    };
  });
}
