// Trials without a score that counts, by why. Pure.
import type { TrialRow } from '../api.ts';

export interface Failure {
  readonly state: TrialRow['state'];
  readonly reason: string;
  readonly trials: number;
  readonly deviceSeconds: number;
  /** Its name: the last of them. */
  readonly example: string;
}

const LOST: readonly TrialRow['state'][] = ['Failed', 'Diverged', 'Infeasible'];

/** Most frequent first. */
export function failuresOf(rows: readonly TrialRow[]): Failure[] {
  const lost = rows.filter(({ state }) => LOST.includes(state));
  const groups = Map.groupBy(lost, ({ state, reason }) => `${state} ${reason ?? ''}`);
  return [...groups.values()]
    .map((group) => ({
      state: group[0]?.state ?? 'Failed',
      reason: group[0]?.reason ?? '',
      trials: group.length,
      deviceSeconds: group.reduce((sum, row) => sum + row.deviceSeconds, 0),
      example: group.at(-1)?.name ?? '',
    }))
    .toSorted((a, b) => b.trials - a.trials);
}
