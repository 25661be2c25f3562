// One look at a search: what its object, its Trials and the memory say at one moment.
import { type BioNASSearch, BioNASSearchStatus, type Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { type BudgetInput, type Decision, mayPromote, mayPropose } from '../../search/index.ts';
import { runningSince } from '../trial/index.ts';
import type { SearchMemory } from './memory.ts';

export interface Look {
  readonly search: Live<BioNASSearch>;
  readonly status: BioNASSearchStatus;
  readonly memory: SearchMemory;
  readonly trials: readonly Live<Trial>[];
  /** Ms since 1970. */
  readonly now: number;
  /** The last step of the operator's clock, ms since 1970. */
  readonly evenSince: number;
}

export function lookAt(
  search: Live<BioNASSearch>,
  { memory, trials, now, evenSince }: Pick<Look, 'memory' | 'trials' | 'now' | 'evenSince'>,
): Look {
  const status = search.status ?? BioNASSearchStatus.parse({});
  return { search, status, memory, trials, now, evenSince };
}

const unrecordedOf = ({ trials, memory }: Look): Live<Trial>[] =>
  trials.filter(({ metadata }) => !memory.has(metadata.uid));

/** Of Pods that have ended. What runs grows by itself, so no status may hold it. */
export const endedDeviceSeconds = (look: Look): number =>
  unrecordedOf(look).reduce(
    (sum, { status }) => sum + (status?.deviceSeconds ?? 0),
    look.memory.tally.deviceSeconds,
  );

/** Of the Pods that run now. */
const runningDeviceSeconds = (look: Look): number =>
  unrecordedOf(look).reduce(
    (sum, { status }) => sum + Math.max(0, look.now - watchedSince(look, status)) / 1000,
    0,
  );

const watchedSince = ({ now, evenSince }: Look, status: Trial['status']): number =>
  Math.max(runningSince(status) ?? now, evenSince);

export const elapsedMs = ({ status, now }: Look): number =>
  status.startTime === undefined ? 0 : now - Date.parse(status.startTime);

/** Whether one more trial may be proposed now. */
export const decide = (look: Look): Decision => mayPropose(budgetInput(look));

/** Whether a paused trial may take a place now. */
export const hasPlace = (look: Look): boolean => mayPromote(budgetInput(look));

function budgetInput(look: Look): BudgetInput {
  const { search, memory } = look;
  const { tally, proposed, active, exhausted } = memory;
  return {
    spec: search.spec,
    counts: { proposed, failed: tally.failed },
    elapsedMs: elapsedMs(look),
    deviceSeconds: endedDeviceSeconds(look) + runningDeviceSeconds(look),
    outstanding: active,
    leaders: tally.reached === undefined ? [] : [tally.reached],
    ...(exhausted === undefined ? {} : { exhausted }),
  };
}
