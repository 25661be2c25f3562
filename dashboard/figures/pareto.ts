// The trials that none beats in every objective. Pure.
import type { TrialRow } from '../api.ts';
import { directionsOf, isScored, type Objectives } from './goals.ts';

/** Best in the first objective first. Sorted so, a trial can be beaten by earlier ones alone. */
export function paretoFront(rows: readonly TrialRow[], objectives: Objectives): TrialRow[] {
  const directions = directionsOf(objectives);
  const merits = (row: TrialRow) =>
    directions.map((d, k) => d * (row.objectives?.[k] ?? -Infinity));
  const scored = rows.filter(isScored).map((row) => ({ row, merits: merits(row) }));
  scored.sort((a, b) => lexicographic(b.merits, a.merits));
  const front: typeof scored = [];
  for (const one of scored)
    if (!front.some((other) => dominates(other.merits, one.merits))) front.push(one);
  return front.map(({ row }) => row);
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const k = a.findIndex((value, i) => value !== b[i]);
  return k < 0 ? 0 : (a[k] ?? 0) - (b[k] ?? 0);
}

/** At least as good everywhere, and better somewhere. */
const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, k) => value >= (b[k] ?? 0)) && a.some((value, k) => value > (b[k] ?? 0));
