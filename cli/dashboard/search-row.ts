// A search as the page's list shows it. Pure; the clock is an argument.
import { basename } from 'node:path';
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import type { BudgetUse, Counts, SearchRow } from '../../dashboard/api.ts';
import { isTrue, takesPlace } from '../../operator/reconcilers/index.ts';
import type { FoundSearch } from '../place/index.ts';
import { elapsedSeconds, isOver, reasonOf, remainingSeconds } from '../status/index.ts';

export interface SearchKey {
  readonly namespace: string;
  readonly name: string;
}

/** By which the page names it: two directories may hold searches of one name, so a run goes by its directory. */
export function keyOf({ search, directory }: FoundSearch): SearchKey {
  const { name, namespace = 'default' } = search.metadata;
  return { namespace, name: directory === undefined ? name : basename(directory) };
}

export interface Known {
  /** Objects that are there. */
  readonly trials: readonly Trial[];
  /** Ms since 1970. */
  readonly now: number;
}

export function searchRow(found: FoundSearch, known: Known): SearchRow {
  const { metadata, spec, status } = found.search;
  const { message } = reasonOf(found.search);
  const best = status?.best[0]?.objectives;
  return {
    ...keyOf(found),
    uid: metadata.uid ?? '',
    phase: found.interrupted ? 'Interrupted' : (status?.phase ?? 'Pending'),
    ...(message === '' ? {} : { message }),
    algorithm: spec.algorithm.name,
    objectives: spec.objectives,
    trials: { ...counts(found.search), ...(found.interrupted ? { running: 0 } : {}) },
    ...(best === undefined ? {} : { best }),
    budget: budgetUse(found, known),
    ...(status?.startTime === undefined ? {} : { startTime: status.startTime }),
    ...(status?.completionTime === undefined ? {} : { completionTime: status.completionTime }),
  };
}

function counts({ status }: BioNASSearch): Counts {
  const {
    running = 0,
    paused = 0,
    succeeded = 0,
    infeasible = 0,
    failed = 0,
  } = status?.trials ?? {};
  const proposed = status?.trials.proposed ?? 0;
  return { running, paused, succeeded, infeasible, failed, proposed };
}

function budgetUse({ search, interrupted }: FoundSearch, known: Known): BudgetUse {
  const { trials, gpuHours = 0, wallClock } = search.spec.budget;
  const secondsLeft = interrupted ? undefined : secondsLeftOf(search, known);
  return {
    trials,
    deviceSeconds: search.status?.deviceSeconds ?? 0,
    gpuHours,
    ...(wallClock === undefined ? {} : { wallClock }),
    ...(secondsLeft === undefined ? {} : { secondsLeft: Math.round(secondsLeft) }),
  };
}

/** undefined where nothing can be told of it: before the first trial has ended, while it stands still, at the end. */
export function secondsLeftOf(search: BioNASSearch, { trials, now }: Known): number | undefined {
  const elapsed = elapsedSeconds(search, now);
  if (isOver(search) || elapsed === undefined || search.status?.phase === 'Suspended')
    return undefined;
  const slots = slotsOf(search, trials);
  return remainingSeconds({
    search,
    trials,
    progressOf: () => undefined,
    slots,
    elapsedSeconds: elapsed,
  });
}

/** Trials at once: as the search asks for, and where some wait for a place, as many as have one. */
function slotsOf({ spec }: BioNASSearch, trials: readonly Trial[]): number {
  const open = trials.filter(takesPlace);
  const running = open.filter(({ status }) => isTrue(status?.conditions, 'Running')).length;
  return running < open.length ? Math.max(1, running) : spec.parallelism;
}
