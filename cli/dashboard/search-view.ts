// All that is known of one search beside its trials.
import { type BioNASSearch, withoutWantedAgain } from '../../crds/index.ts';
import type { SearchView } from '../../dashboard/api.ts';
import { compare } from '../comparison/index.ts';
import { yamlText } from '../output/index.ts';
import { comparisonsOf } from '../result/index.ts';
import { missingNote } from '../trials/index.ts';
import type { Editing } from './edits.ts';
import type { Look } from './feed.ts';
import { searchRow } from './search-row.ts';

const INTERRUPTED =
  'No process of this machine carries this search out (one of another machine, or in a container, is not seen from here): the same bionas run command goes on where it was. What is called running was so when it stopped.';

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
  return {
    ...searchRow(found, { trials: known.objects, now }),
    object: search,
    yaml: yamlText(manifestOf(search)),
    editable: editing !== undefined,
    ...(editing === undefined ? {} : { token: editing.token }),
    rungs: search.status?.rungs ?? [],
    places: table.places,
    comparisons: comparisonsOf(search, known.trials, compare),
    warnings: [...(found.interrupted ? [INTERRUPTED] : []), ...(note === undefined ? [] : [note])],
  };
}

/** As it was asked for, with defaults: bionas run and kubectl apply take it. */
function manifestOf({ apiVersion, kind, metadata, spec }: BioNASSearch) {
  const { name, namespace, labels } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels },
    spec: withoutWantedAgain(spec),
  };
}
