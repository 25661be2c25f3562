// What an edit of a search comes to, told before it is made: pure decisions with reasons.
import { type BioNASSearch, Budget, Duration } from '../../crds/index.ts';
import type { SearchEdit } from '../place/index.ts';
import { isOver, reasonOf } from '../status/index.ts';

/** The search cannot be changed so. */
export class EditError extends Error {
  override readonly name = 'EditError';
  readonly exitCode = 2;
}

export interface Change {
  /** undefined: it is so already. */
  readonly edit?: SearchEdit;
  readonly message: string;
}

/** Nothing reopens a search that has ended. @throws EditError */
export function refuseOver(search: BioNASSearch, wish: string): void {
  if (!isOver(search)) return;
  const { reason, message } = reasonOf(search);
  throw new EditError(
    `${search.metadata.name}: it has ended (${reason}: ${message}), and ${wish}; begin another search from it: spec.warmStart.search, or bionas run --warm-start DIR`,
  );
}

/** @throws EditError */
export function suspension(search: BioNASSearch, suspend: boolean): Change {
  refuseOver(search, suspend ? 'has nothing to suspend' : 'cannot be resumed');
  const { name } = search.metadata;
  if (search.spec.suspend === suspend)
    return { message: `${name} is ${suspend ? 'suspended' : 'not suspended'} already` };
  const message = suspend
    ? `${name} suspended: nothing starts, and what trains ends after its checkpoint`
    : `${name} resumed`;
  return { edit: { suspend }, message };
}

export interface BudgetWish {
  readonly trials?: number;
  /** 0: without limit. */
  readonly gpuHours?: number;
  /** none: without limit. */
  readonly wallClock?: string;
  readonly failedTrials?: number;
}

/** @throws EditError */
export function budgetChange(search: BioNASSearch, wish: BudgetWish): Change {
  refuseOver(search, 'another budget does not reopen it');
  const { name } = search.metadata;
  const { trials, gpuHours, wallClock, failedTrials } = wish;
  refuseMistakes(wish);
  const budget = {
    ...(trials === undefined ? {} : { trials }),
    ...(gpuHours === undefined ? {} : { gpuHours: gpuHours === 0 ? null : gpuHours }),
    ...(wallClock === undefined ? {} : { wallClock: wallClock === 'none' ? null : wallClock }),
    ...(failedTrials === undefined ? {} : { failedTrials }),
  };
  const before: Readonly<Record<string, unknown>> = search.spec.budget;
  const changes = Object.entries(budget).filter(
    ([field, value]) => (before[field] ?? null) !== value,
  );
  if (changes.length === 0) return { message: `${name} has this budget already` };
  const told = changes.map(
    ([field, value]) => `${field} ${limit(before[field])} -> ${limit(value)}`,
  );
  return { edit: { budget }, message: `${name}: ${told.join(', ')}` };
}

const limit = (value: unknown): string =>
  value === undefined || value === null ? 'none' : String(value);

function refuseMistakes({ wallClock, gpuHours }: BudgetWish): void {
  if (wallClock !== undefined && wallClock !== 'none' && !Duration.safeParse(wallClock).success)
    throw new EditError(
      `--wall-clock: expected a duration such as 90m or 1h30m, or none, got ${wallClock}`,
    );
  if (
    gpuHours !== undefined &&
    gpuHours !== 0 &&
    !Budget.shape.gpuHours.safeParse(gpuHours).success
  )
    throw new EditError(`--gpu-hours: expected hours above 0, or 0 for no limit, got ${gpuHours}`);
}
