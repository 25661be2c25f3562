// Successive halving (Jamieson & Talwalkar 2016, Algorithm 1), one bracket after another for as long as the budget lasts: n
// networks at minEpochs, the best 1/eta of them at eta times as many, to the whole training.
import { type BracketsState, decide, openBrackets, promote, report, start } from './brackets.ts';
import { rungEpochs } from './rung.ts';
import type { Scheduler } from './scheduler.ts';

export const successiveHalving: Scheduler<BracketsState> = {
  hasRungs: true,
  readsCurves: false,

  init({ settings, epochs, objectives }) {
    const { eta = 3, minEpochs = 1 } = settings;
    const rungs = rungEpochs(minEpochs, eta, epochs);
    const { networks = eta ** (rungs.length - 1) } = settings;
    return openBrackets([{ networks, epochs: rungs }], { eta, objectives });
  },

  decide,
  start,
  promote,
  report,
};
