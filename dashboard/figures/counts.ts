// How far a search is, and how much of its budget is spent. Pure.
import type { BudgetUse, Counts } from '../api.ts';

/** Infeasible ones are among those that succeeded. */
export const endedOf = ({ succeeded, failed }: Counts): number => succeeded + failed;

/** In [0, 1]: of the trials or of the GPU hours that the budget gives, whichever is further. */
export function spentShare(counts: Counts, budget: BudgetUse): number {
  const trials = budget.trials > 0 ? endedOf(counts) / budget.trials : 0;
  return Math.min(1, Math.max(trials, gpuShare(budget) ?? 0));
}

/** Undefined where there is no limit. */
export const gpuShare = ({ deviceSeconds, gpuHours }: BudgetUse): number | undefined =>
  gpuHours > 0 ? deviceSeconds / 3600 / gpuHours : undefined;
