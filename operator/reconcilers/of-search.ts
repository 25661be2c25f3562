// What the search of a Trial says to it: whether it may have a Pod, how it is retried, where its Pods may not go, and whether it
// is ours at all. Looked up in the caches at every question.
import { type BioNASSearch, OUR_MANAGER, Retry, type Trial } from '../../crds/index.ts';
import type { IndexFunction, Live, ObjectCache } from '../runtime/index.ts';
import type { Pod } from './objects.ts';
import {
  type AvoidedNode,
  avoidedNodes,
  holdOf,
  LEAST_TROUBLE,
  SEARCH_LABEL,
  speaksAgainstNode,
} from './trial/index.ts';

/** Index of the Trials of a search by its UID. */
export const OWNER_INDEX = 'owner';
const bySearch: IndexFunction<Pod> = ({ metadata }) => {
  const search = metadata.labels?.[SEARCH_LABEL];
  return search === undefined ? [] : [`${metadata.namespace}/${search}`];
};

/** Of the Pods of a search by its namespace and name: all of them, and those that may speak against their nodes. */
export const POD_INDEXES = {
  search: bySearch,
  trouble: (pod) => (speaksAgainstNode(pod) ? bySearch(pod) : []),
} as const satisfies Readonly<Record<string, IndexFunction<Pod>>>;

export interface Caches {
  readonly searches: ObjectCache<BioNASSearch>;
  readonly trials: ObjectCache<Trial>;
  readonly pods: ObjectCache<Pod>;
}

/** Whether a search, where it is known, is for this operator; `all`: it is, whoever is named in it. */
export const isOurs = (search: BioNASSearch | undefined, { all = false } = {}): boolean =>
  all || (search?.spec.managedBy ?? OUR_MANAGER) === OUR_MANAGER;

export function avoidedBySearch(
  { metadata, spec }: BioNASSearch,
  pods: ObjectCache<Pod>,
  nowMs: number,
): AvoidedNode[] {
  const name = `${metadata.namespace}/${metadata.name}`;
  // A search of thousands of Pods is asked thousands of times, and hardly ever has trouble.
  if (pods.byIndex('trouble', name).length < LEAST_TROUBLE) return [];
  return avoidedNodes({ pods: pods.byIndex('search', name), never: spec.retry.never, nowMs });
}

/** Answers to what Trials ask; a search that is not known, or not yet, lets them go on by the defaults. */
export function askingSearch(
  { searches, trials, pods }: Caches,
  { now, all }: { readonly now: () => number; readonly all?: boolean },
) {
  const searchOf = ({ metadata, spec }: Live<Trial>) =>
    searches.get({ namespace: metadata.namespace ?? '', name: spec.search });
  return {
    heldBy: (trial: Live<Trial>): string | undefined => {
      const search = searchOf(trial);
      return holdOf(trial, search, trials.byIndex(OWNER_INDEX, search?.metadata.uid ?? ''));
    },
    retryOf: (trial: Live<Trial>): Retry => searchOf(trial)?.spec.retry ?? Retry.parse({}),
    avoidedBy: (trial: Live<Trial>): AvoidedNode[] => {
      const search = searchOf(trial);
      return search === undefined ? [] : avoidedBySearch(search, pods, now());
    },
    isOurs: (trial: Live<Trial>): boolean => isOurs(searchOf(trial), { all }),
  };
}
