// One look at a search: what its object, its Trials and the memory say at one moment.
import { type BioNASSearch, BioNASSearchStatus, type Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { type BudgetInput, type Decision, mayPromote, mayPropose } from '../../search/index.ts';
import { reservedFor } from './account.ts';
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

export const elapsedMs = ({ status, now }: Look): number =>
  status.startTime === undefined ? 0 : now - Date.parse(status.startTime);

/** Whether one more trial may be proposed now. */
export const decide = (look: Look): Decision => mayPropose(budgetInput(look));

/** Whether the paused trial of this index may take a place now. */
export const decidePromotion = (look: Look, index: number): Decision =>
  mayPromote(budgetInput(look, index));

/** Index of the failed trial that spec.retry.trials asks for, and that is to be tried again next. */
export const wantedAgain = ({ search, memory }: Look): number | undefined =>
  memory.hasAgain ? undefined : memory.failedAmong(search.spec.retry.trials ?? []);

function budgetInput(look: Look, promoted?: number): BudgetInput {
  const { search, memory } = look;
  const { tally, proposed, active, exhausted } = memory;
  return {
    spec: search.spec,
    counts: { proposed, failed: tally.failed - tally.cancelled },
    elapsedMs: elapsedMs(look),
    ...reservedFor(look, promoted),
    outstanding: active,
    leaders: tally.reached === undefined ? [] : [tally.reached],
    // A network that is tried again need not be new.
    ...(exhausted === undefined || memory.hasAgain || wantedAgain(look) !== undefined
      ? {}
      : { exhausted }),
  };
}
