// What is better, by a search's objectives. Pure.
import type { SearchRow, TrialRow } from '../api.ts';

export type Objectives = readonly SearchRow['objectives'][number][];

/** +1: more is better, -1: less. */
export const directionsOf = (objectives: Objectives): number[] =>
  objectives.map(({ goal }) => (goal === 'minimize' ? -1 : 1));

/** A trial of the search that has a score that counts. */
export const isScored = ({ state, final, objectives }: TrialRow): boolean =>
  state === 'Trained' && !final && (objectives?.length ?? 0) > 0;

/** Value of the first objective, signed so that more is better; -Infinity of trials without. */
export const meritOf = (row: TrialRow, direction: number): number => {
  const [score] = row.objectives ?? [];
  return score === undefined || row.state !== 'Trained' ? -Infinity : direction * score;
};
