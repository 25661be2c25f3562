// Trials as spots of a chart: which is under the pointer, and the line along a front. Pure, in pixels.
import type { TrialRow } from '../api.ts';

export interface Spot {
  readonly row: TrialRow;
  readonly x: number;
  readonly y: number;
}

/** Undefined where none is within `reach`. */
export function nearest(
  spots: readonly Spot[],
  x: number,
  y: number,
  reach: number,
): TrialRow | undefined {
  let least = reach ** 2;
  let found: TrialRow | undefined;
  for (const spot of spots) {
    const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
    if (distance > least) continue;
    least = distance;
    found = spot.row;
  }
  return found;
}

/** Data of an SVG path along what the front reaches; `right`: +1 where more x is better, -1 where less is. */
export function stairsOf(front: readonly Spot[], right: number): string {
  const ordered = front.toSorted((a, b) => a.x - b.x);
  const steps = ordered.map(({ x, y }, k) => {
    if (k === 0) return `M${x} ${y}`;
    return right > 0 ? `V${y}H${x}` : `H${x}V${y}`;
  });
  return steps.join('');
}
