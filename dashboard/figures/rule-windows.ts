// Which rules the trials of a search have, window by window in the order of proposal: how a population's rules change. Pure.
import type { TrialRow } from '../api.ts';

export interface RuleWindows {
  /** Index of the first trial and of the last of each window. */
  readonly windows: readonly { readonly first: number; readonly last: number }[];
  /** Of all places with a rule in the window's networks, in [0, 1]: a list a rule. */
  readonly shares: readonly (readonly number[])[];
}

/** As many windows as can be told apart, and none with fewer trials than say something. */
const WINDOWS = 24;
const LEAST = 5;

export function ruleWindows(rows: readonly TrialRow[], rules: number): RuleWindows {
  const searched = rows
    .filter(({ final, rules: own }) => !final && own.some((count) => count > 0))
    .toSorted((a, b) => a.index - b.index);
  const count = Math.min(WINDOWS, Math.floor(searched.length / LEAST));
  const parts = Array.from({ length: count }, (_, k) =>
    searched.slice(
      Math.floor((k * searched.length) / count),
      Math.floor(((k + 1) * searched.length) / count),
    ),
  );
  const sums = parts.map((part) => countsOf(part, rules));
  return {
    windows: parts.map((part) => ({
      first: part[0]?.index ?? 0,
      last: part.at(-1)?.index ?? 0,
    })),
    shares: Array.from({ length: rules }, (_, rule) =>
      sums.map((counts) => (counts[rule] ?? 0) / counts.reduce((sum, value) => sum + value, 0)),
    ),
  };
}

function countsOf(rows: readonly TrialRow[], rules: number): number[] {
  const counts = new Array<number>(rules).fill(0);
  for (const row of rows)
    for (const [rule, count] of row.rules.entries()) counts[rule] = (counts[rule] ?? 0) + count;
  return counts;
}
