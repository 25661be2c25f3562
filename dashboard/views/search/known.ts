// A search as its views take it: loaded, filtered, in the terms of its trials.
import { useMemo } from 'preact/hooks';
import type { SearchView, TrialRow } from '../../api.ts';
import type { SearchHandle, Table } from '../../connection/index.ts';
import { type Filter, filterOf, type Terms } from '../../filter/index.ts';
import type { Query, SearchKey } from '../../route/index.ts';

/** Everything that a view of a search is drawn from. */
export interface Known extends SearchKey {
  readonly view: SearchView;
  readonly table: Table;
  readonly terms: Terms;
  readonly filter: Filter;
  /** Those that fit the filter, in the table's order. */
  readonly rows: readonly TrialRow[];
  readonly query: Query;
}

export function termsOf({ objectives, places, object }: SearchView, table: Table): Terms {
  return {
    objectives: objectives.map(({ metric }) => metric),
    rules: object.spec.searchSpace.learningRules,
    places,
    alphabet: table.alphabet,
  };
}

/** Undefined until both have come. */
export function useKnown({ view, table }: SearchHandle, query: Query): Known | undefined {
  const { filter: text = '' } = query;
  const terms = useMemo(
    () => (view === undefined || table === undefined ? undefined : termsOf(view, table)),
    [view?.object, view?.places, table?.alphabet],
  );
  const filter = useMemo(
    () => (terms === undefined ? undefined : filterOf(text, terms)),
    [text, terms],
  );
  const rows = useMemo(
    () => (filter === undefined ? [] : (table?.trials ?? []).filter(filter.fits)),
    [filter, table],
  );
  if (!view || !table || !terms || !filter) return undefined;
  return { namespace: view.namespace, name: view.name, view, table, terms, filter, rows, query };
}
