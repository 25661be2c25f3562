// The learning curves of many trials on one axis of epochs. Pure.
import type { TrialRow } from '../api.ts';

export interface Curves {
  /** 1 to the longest. */
  readonly epochs: readonly number[];
  readonly rows: readonly TrialRow[];
  /** A list a trial, as long as `epochs`. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Trials with a curve that are not drawn. */
  readonly left: number;
}

/** Those that end highest, up to `limit`, the highest last: on top. */
export function curvesOf(rows: readonly TrialRow[], limit: number): Curves {
  const all = rows.filter(({ curve }) => curve.length > 0);
  const end = ({ curve }: TrialRow) => curve.at(-1) ?? 0;
  const kept = all.toSorted((a, b) => end(a) - end(b)).slice(-limit);
  const length = Math.max(0, ...kept.map(({ curve }) => curve.length));
  const epochs = Array.from({ length }, (_, k) => k + 1);
  return {
    epochs,
    rows: kept,
    values: kept.map(({ curve }) => epochs.map((_, k) => curve[k] ?? null)),
    left: all.length - kept.length,
  };
}
