// Searches as rows: where each stands, what it has come to, what it has spent. Pure; the clock is an argument.
import type { BioNASSearch } from '../../crds/index.ts';
import { isSettled, isTrue } from '../../operator/reconcilers/index.ts';
import { shortGenotype } from '../genotype/index.ts';
import type { Column, Listing } from '../output/index.ts';
import type { PlacedSearch } from '../place/index.ts';
import { formatDuration, formatObjectives } from '../quantities/index.ts';

type SearchColumn = Column<PlacedSearch>;

const counts = ({ status }: BioNASSearch) => ({
  running: 0,
  succeeded: 0,
  failed: 0,
  ...status?.trials,
});

const bestOf = ({ status }: BioNASSearch) => status?.best[0];

/** The condition that says why the search is as it is. */
export function reasonOf({ status }: BioNASSearch): { reason: string; message: string } {
  const conditions = status?.conditions ?? [];
  const telling = ['Failed', 'Completed', 'Suspended'].find((type) => isTrue(conditions, type));
  const found = conditions.find(({ type }) => type === (telling ?? 'Ready'));
  return { reason: found?.reason ?? '', message: found?.message ?? '' };
}

const COLUMNS: readonly SearchColumn[] = [
  { title: 'PHASE', value: ({ search }) => search.status?.phase ?? 'Pending' },
  { title: 'REASON', value: ({ search }) => reasonOf(search).reason },
  {
    title: 'TRIALS',
    value: ({ search }) => counts(search).succeeded + counts(search).failed,
    text: ({ search }) =>
      `${counts(search).succeeded + counts(search).failed}/${search.spec.budget.trials}`,
  },
  { title: 'RUNNING', value: ({ search }) => counts(search).running },
  { title: 'FAILED', value: ({ search }) => counts(search).failed },
  {
    title: 'BEST',
    value: ({ search }) => bestOf(search)?.objectives[0],
    text: ({ search }) =>
      formatObjectives(search.spec.objectives, bestOf(search)?.objectives ?? []),
  },
  {
    title: 'DEVICE-TIME',
    value: ({ search }) => search.status?.deviceSeconds ?? 0,
    text: ({ search }) => formatDuration(search.status?.deviceSeconds ?? 0),
  },
];

const WIDE: readonly SearchColumn[] = [
  { title: 'ALGORITHM', wide: true, value: ({ search }) => search.spec.algorithm.name },
  { title: 'DATASET', wide: true, value: ({ search }) => search.spec.dataset.name },
  {
    title: 'NETWORK',
    wide: true,
    value: ({ search }) => bestOf(search)?.genotype,
    text: ({ search }) => {
      const best = bestOf(search);
      return best === undefined ? '' : shortGenotype(best.genotype);
    },
  },
];

/** Seconds that the search has taken, until now or its end. */
export function elapsedSeconds({ status }: BioNASSearch, now: number): number | undefined {
  const { startTime, completionTime } = status ?? {};
  if (startTime === undefined) return undefined;
  const end = completionTime === undefined ? now : Date.parse(completionTime);
  return Math.max(0, (end - Date.parse(startTime)) / 1000);
}

export interface Shown {
  /** Ms since 1970. */
  readonly now: number;
  readonly namespaces: boolean;
}

export function searchListing(
  searches: readonly PlacedSearch[],
  { now, namespaces }: Shown,
): Listing<PlacedSearch> {
  const namespace: SearchColumn = {
    title: 'NAMESPACE',
    value: ({ search }) => search.metadata.namespace,
  };
  const time: SearchColumn = {
    title: 'TIME',
    value: ({ search }) => elapsedSeconds(search, now),
    text: ({ search }) => {
      const seconds = elapsedSeconds(search, now);
      return seconds === undefined ? '' : formatDuration(seconds);
    },
  };
  return {
    rows: searches,
    columns: [
      ...(namespaces ? [namespace] : []),
      { title: 'SEARCH', value: ({ argument }) => argument },
      ...COLUMNS,
      time,
      ...WIDE,
    ],
    name: ({ search }) => `bionassearch.bionas.dev/${search.metadata.name}`,
    object: ({ search }) => search,
  };
}

export const isOver = ({ status }: BioNASSearch): boolean => isSettled(status?.conditions);

export const hasFailed = ({ status }: BioNASSearch): boolean =>
  isTrue(status?.conditions, 'Failed');
