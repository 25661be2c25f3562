// Non-dominated sorting: the fronts of a set of trials (Deb et al. 2002, section III A). Found in the way of Zhang et al. 2015
// (ENS-BS), which comes to the same fronts by fewer comparisons.
import type { Objective } from '../../crds/index.ts';
import { dominates } from './pareto.ts';
import { compareScored, type Scored } from './ranking.ts';

/**
 * Front 0 is dominated by nobody, front k by members of earlier fronts alone; each front is in the order of compareScored.
 *
 * In that order nobody dominates an earlier member, and who is dominated by no member of a front is by none of a later one: each
 * member's front is found by bisection.
 */
export function nondominatedFronts<Trial extends Scored>(
  trials: readonly Trial[],
  objectives: readonly Objective[],
): Trial[][] {
  const fronts: Trial[][] = [];
  for (const trial of trials.toSorted(compareScored(objectives))) {
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      // The latest members are the likeliest to dominate: they are nearest in the order.
      const front = fronts[middle] as Trial[];
      if (front.findLast((member) => dominates(member, trial, objectives))) low = middle + 1;
      else high = middle;
    }
    if (low === fronts.length) fronts.push([]);
    fronts[low]?.push(trial);
  }
  return fronts;
}
