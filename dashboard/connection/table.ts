// The trials of a search as the page holds them, and what a change makes of them. Pure.
import type { SearchChange, TrialRow, TrialTable } from '../api.ts';

export interface Table extends TrialTable {
  /** Where a trial stands in `trials`. */
  readonly places: ReadonlyMap<string, number>;
}

export function tableOf({ version, alphabet, trials }: TrialTable): Table {
  return { version, alphabet, trials, places: new Map(trials.map(({ name }, k) => [name, k])) };
}

/** A change that the table has already leaves it as it is. */
export function changed(table: Table, change: SearchChange): Table {
  if (change.version <= table.version) return table;
  const trials = [...table.trials];
  const places = new Map(table.places);
  for (const row of change.trials) put(row, trials, places);
  return {
    version: change.version,
    alphabet: [...table.alphabet, ...change.alphabet],
    trials,
    places,
  };
}

function put(row: TrialRow, trials: TrialRow[], places: Map<string, number>): void {
  const place = places.get(row.name) ?? trials.length;
  trials[place] = row;
  places.set(row.name, place);
}
