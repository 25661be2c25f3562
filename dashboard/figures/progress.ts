// The best score so far, over trials in the order of their ends, or over time. Pure.
import type { TrialRow } from '../api.ts';
import { directionsOf, isScored, type Objectives } from './goals.ts';

export type ProgressAxis = 'trials' | 'hours' | 'device';

export interface Progress {
  /** Rising: place in the order of ends from 1, hours since the first start, or device hours till then. */
  readonly x: readonly number[];
  readonly score: readonly (number | null)[];
  /** Of those that have ended by then. */
  readonly best: readonly (number | null)[];
  readonly rows: readonly TrialRow[];
}

const HOUR = 3600;

export function progressOf(
  rows: readonly TrialRow[],
  objectives: Objectives,
  axis: ProgressAxis,
): Progress {
  const [direction = 1] = directionsOf(objectives);
  const ended = rows
    .filter((row) => !row.final && row.completionTime !== undefined && row.objectives?.length)
    .map((row) => ({ row, end: Date.parse(row.completionTime ?? '') }))
    .toSorted((a, b) => a.end - b.end || a.row.index - b.row.index);
  const begin = Math.min(
    ...rows.flatMap(({ startTime }) => (startTime ? [Date.parse(startTime)] : [])),
  );
  const from = Number.isFinite(begin) ? begin : (ended[0]?.end ?? 0);
  let best: number | null = null;
  let device = 0;
  const points = ended.map(({ row, end }, k) => {
    const score = row.objectives?.[0] ?? null;
    device += row.deviceSeconds;
    if (score !== null && isScored(row)) best = better(best, score, direction);
    const x = { trials: k + 1, hours: (end - from) / 1000 / HOUR, device: device / HOUR }[axis];
    return { x, score, best, row };
  });
  return {
    x: points.map(({ x }) => x),
    score: points.map(({ score }) => score),
    best: points.map((point) => point.best),
    rows: points.map(({ row }) => row),
  };
}

const better = (best: number | null, score: number, direction: number): number =>
  best === null || direction * score > direction * best ? score : best;
