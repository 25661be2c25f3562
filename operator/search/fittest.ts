// Survival in NSGA-II (Deb et al. 2002, section III C): whole fronts while they fit, and of the one that does not fit those
// with the most room. Knows objective vectors alone, no networks.
import type { Objective } from '../../crds/index.ts';
import { crowdingDistances } from './crowding.ts';
import { nondominatedFronts } from './nondominated-sort.ts';
import { type Scored, violation } from './ranking.ts';

/** Where a trial stands among the survivors: 0 is the best; those of equal front and crowding share a place. */
export type Placed<Trial extends Scored> = Trial & { readonly place: number };

/** At most `size` trials, best first. With one objective that is their order by it. */
export function fittest<Trial extends Scored>(
  trials: readonly Trial[],
  objectives: readonly Objective[],
  size: number,
): Placed<Trial>[] {
  const chosen: Placed<Trial>[] = [];
  for (const front of nondominatedFronts(trials, objectives)) {
    const room = size - chosen.length;
    if (room <= 0) break;
    const before = chosen.length;
    chosen.push(...placed(front, objectives, before).slice(0, room));
  }
  return chosen;
}

/** A front by crowding, most room first; `before` are the members of earlier fronts. */
function placed<Trial extends Scored>(
  front: readonly Trial[],
  objectives: readonly Objective[],
  before: number,
): Placed<Trial>[] {
  // A front of infeasible trials is one of equal violation, whatever their objectives.
  const feasible = front.every((trial) => violation(trial) === 0);
  const distances = feasible ? crowdingDistances(front, objectives) : [];
  const order = front
    .map((trial, i) => ({ trial, distance: distances[i] ?? 0 }))
    .toSorted((a, b) => (a.distance === b.distance ? 0 : b.distance - a.distance));
  return order.map(({ trial, distance }) => ({
    ...trial,
    place: before + order.findIndex((other) => other.distance === distance),
  }));
}
