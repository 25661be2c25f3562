// Trials that no other trial beats in every objective, as a set of bounded size.
import type { Objective } from '../../crds/index.ts';
import { crowdingDistances } from './crowding.ts';
import { compareScored, loss, type Scored, violation } from './ranking.ts';

/** a is nowhere worse than b and somewhere better; where one is infeasible, a is less far outside (Deb et al. 2002, section VI A). */
export function dominates(a: Scored, b: Scored, objectives: readonly Objective[]): boolean {
  if (violation(a) > 0 || violation(b) > 0) return violation(a) < violation(b);
  const losses = objectives.map((_, k) => loss(objectives, k, a, b));
  return losses.every((value) => value <= 0) && losses.some((value) => value < 0);
}

/**
 * The set after one more trial, best first; of trials with equal values the earlier stays. Where the set would grow
 * past `limit`, the most crowded member leaves (Deb et al. 2002), never the best or the ends of an objective while
 * limit allows. Below the limit the order of joining does not matter.
 */
export function joinParetoSet<Trial extends Scored>(
  members: readonly Trial[],
  trial: Trial,
  objectives: readonly Objective[],
  limit: number,
): Trial[] {
  const compare = compareScored(objectives);
  const beaten = members.some((member) => dominates(member, trial, objectives));
  const twin = members.find((member) => isTwin(member, trial));
  if (beaten || (twin !== undefined && twin.index <= trial.index)) return [...members];
  const joined = members
    .filter((member) => member !== twin && !dominates(trial, member, objectives))
    .concat(trial)
    .toSorted(compare);
  return joined.length <= limit ? joined : withoutMostCrowded(joined, objectives);
}

export function paretoSet<Trial extends Scored>(
  trials: readonly Trial[],
  objectives: readonly Objective[],
  limit: number,
): Trial[] {
  return trials.reduce<Trial[]>(
    (members, trial) => joinParetoSet(members, trial, objectives, limit),
    [],
  );
}

function isTwin(a: Scored, b: Scored): boolean {
  return a.objectives.every((value, k) => value === b.objectives[k]);
}

/** Members come best first: of equally crowded ones the last leaves. */
function withoutMostCrowded<Trial extends Scored>(
  members: readonly Trial[],
  objectives: readonly Objective[],
): Trial[] {
  const distances = crowdingDistances(members, objectives);
  const at = distances.lastIndexOf(Math.min(...distances));
  return members.toSpliced(at, 1);
}
