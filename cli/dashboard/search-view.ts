// All that is known of one search beside its trials.
import type { SearchView } from '../../dashboard/api.ts';
import { compare } from '../comparison/index.ts';
import { comparisonsOf } from '../result/index.ts';
import { missingNote } from '../trials/index.ts';
import type { Editing } from './edits.ts';
import type { Look } from './feed.ts';
import { searchRow } from './search-row.ts';

export interface ViewOptions {
  /** undefined: no edits at all. */
  readonly editing: Editing | undefined;
  /** Ms since 1970. */
  readonly now: number;
}

export function searchView(
  { found, known, table }: Look,
  { editing, now }: ViewOptions,
): SearchView {
  const { search } = found;
  const note = missingNote(known);
  const { importance } = table;
  return {
    ...searchRow(found, { trials: known.objects, now }),
    object: search,
    editable: editing !== undefined,
    ...(editing === undefined ? {} : { token: editing.token }),
    rungs: search.status?.rungs ?? [],
    places: table.places,
    ...(importance === undefined ? {} : { importance }),
    comparisons: comparisonsOf(search, known.trials, compare),
    warnings: note === undefined ? [] : [note],
  };
}
