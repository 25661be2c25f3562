// How much room a trial has to itself among trials that do not dominate each other (Deb et al. 2002, section III B).
import type { Objective } from '../../crds/index.ts';
import type { Scored } from './ranking.ts';

/**
 * Crowding distance of each member: the sum over objectives of the gap between its neighbours as a part of the
 * objective's range; infinite for the ends of an objective.
 */
export function crowdingDistances(
  members: readonly Scored[],
  objectives: readonly Objective[],
): number[] {
  const distances = members.map(() => 0);
  for (const k of objectives.keys()) {
    const value = (at: number | undefined) => members[at ?? 0]?.objectives[k] ?? 0;
    const order = [...members.keys()].sort((a, b) => value(a) - value(b) || a - b);
    const range = value(order.at(-1)) - value(order[0]);
    for (const [place, member] of order.entries()) {
      const isEnd = place === 0 || place === order.length - 1;
      const gap = value(order[place + 1]) - value(order[place - 1]);
      distances[member] = (distances[member] ?? 0) + (isEnd ? Infinity : gap / (range || 1));
    }
  }
  return distances;
}
