// Whether a search may propose one more network: ordered, pure policies, the first that objects decides.
import { type BioNASSearchSpec, type BioNASSearchStatus, durationMs } from '../../crds/index.ts';
import type { Reason } from './algorithm.ts';
import type { Reserved } from './device-time.ts';
import { reachesTargets } from './ranking.ts';

export interface BudgetInput {
  readonly spec: Pick<BioNASSearchSpec, 'budget' | 'objectives' | 'parallelism' | 'suspend'>;
  /** `failed`: by themselves; those that the budget ended are not counted. */
  readonly counts: Pick<BioNASSearchStatus['trials'], 'proposed' | 'failed'>;
  /** Since the first proposal, in milliseconds. */
  readonly elapsedMs: number;
  /** Used by all trials so far, those that still run included. */
  readonly deviceSeconds: number;
  /** What is spoken for of budget.gpuHours; left out where trials take no time that could be reserved. */
  readonly reserved?: Reserved;
  /** Search trials that take a place: proposed, not ended, not paused. */
  readonly outstanding: number;
  /** Objectives' values of the trials that may reach the targets: the best ones and the Pareto set. */
  readonly leaders: readonly (readonly number[])[];
  /** Why the algorithm has nothing more to propose, once it said so. */
  readonly exhausted?: Reason;
}

/**
 * `propose`: one more trial may start; ask again before the next.
 * `wait`: nothing may start now; a result or an edit of the spec may change that.
 * `conclude`: nothing may start any more; the search ends when nothing is outstanding.
 */
export type Decision =
  | { readonly kind: 'propose' }
  | ({ readonly kind: 'wait' | 'conclude' } & Reason);

type Policy = (input: BudgetInput) => Decision | undefined;

/** What keeps a search from one more proposal, in order: a suspended search decides nothing, a failed one has no success. */
const POLICIES: readonly Policy[] = [
  suspended,
  tooManyFailures,
  targetReached,
  spaceExhausted,
  trialsSpent,
  wallClockSpent,
  deviceTimeSpent,
  allPlacesTaken,
  deviceTimeReserved,
];

/** What keeps a search from going on with a trial that paused: it costs no new one. */
const PROMOTION_POLICIES = POLICIES.filter(
  (policy) => policy !== spaceExhausted && policy !== trialsSpent,
);

/** Whether a paused trial may take a place now; `reserved.next` is what it has yet to train. */
export const mayPromote = (input: BudgetInput): Decision => judged(input, PROMOTION_POLICIES);

export type DeviceTimeInput = Pick<BudgetInput, 'deviceSeconds' | 'reserved' | 'outstanding'> & {
  readonly spec: Pick<BioNASSearchSpec, 'budget'>;
};

/** Whether the device time suffices for one more final trial; `outstanding`: final trials that have not ended. */
export const mayTrainFinal = (input: DeviceTimeInput): Decision =>
  judged(input, [deviceTimeSpent, deviceTimeReserved]);

/**
 * Counted limits (trials, parallelism) hold exactly with any number of trials outstanding, since a trial counts from its
 * proposal. So does device time, of which every trial is given a part before it starts, and ended when there is nothing left
 * (device-time.ts). Measured limits (time, failures) stop further proposals once they are reached; what is outstanding by then
 * may still add to them.
 */
export const mayPropose = (input: BudgetInput): Decision => judged(input, POLICIES);

function judged<Input>(
  input: Input,
  policies: readonly ((input: Input) => Decision | undefined)[],
): Decision {
  for (const policy of policies) {
    const objection = policy(input);
    if (objection !== undefined) return objection;
  }
  return { kind: 'propose' };
}

function suspended({ spec }: BudgetInput): Decision | undefined {
  if (!spec.suspend) return undefined;
  return { kind: 'wait', reason: 'Suspended', message: 'spec.suspend is true' };
}

function tooManyFailures({ spec, counts }: BudgetInput): Decision | undefined {
  const limit = spec.budget.failedTrials;
  if (counts.failed <= limit) return undefined;
  const message = `${counts.failed} trials failed, more than budget.failedTrials ${limit} allows`;
  return { kind: 'conclude', reason: 'TooManyFailures', message };
}

function targetReached({ spec, leaders }: BudgetInput): Decision | undefined {
  const winner = leaders.find((values) => reachesTargets(values, spec.objectives));
  if (winner === undefined) return undefined;
  const parts = spec.objectives.flatMap(({ metric, target }, k) =>
    target === undefined ? [] : [`${metric} ${winner[k]} reached target ${target}`],
  );
  return { kind: 'conclude', reason: 'TargetReached', message: parts.join(', ') };
}

function spaceExhausted({ exhausted }: BudgetInput): Decision | undefined {
  return exhausted && { kind: 'conclude', ...exhausted };
}

function trialsSpent({ spec, counts }: BudgetInput): Decision | undefined {
  const limit = spec.budget.trials;
  return counts.proposed < limit ? undefined : spent(`${counts.proposed} of ${limit} trials`);
}

function wallClockSpent({ spec, elapsedMs }: BudgetInput): Decision | undefined {
  const limit = spec.budget.wallClock;
  if (limit === undefined || elapsedMs < durationMs(limit)) return undefined;
  return spent(`${Math.round(elapsedMs / 1000)}s of budget.wallClock ${limit}`);
}

function deviceTimeSpent({ spec, deviceSeconds }: DeviceTimeInput): Decision | undefined {
  const limit = spec.budget.gpuHours;
  if (limit === undefined || deviceSeconds < limit * 3600) return undefined;
  return spent(`${hours(deviceSeconds)} of ${limit} gpuHours`);
}

/** Of its kind a trial starts alone until one has ended: what it may take is then all that is left. */
function deviceTimeReserved(input: DeviceTimeInput): Decision | undefined {
  const { spec, deviceSeconds, reserved, outstanding } = input;
  const limit = spec.budget.gpuHours;
  if (limit === undefined || reserved === undefined) return undefined;
  const { next, final } = reserved;
  if (next === undefined && outstanding === 0) return undefined;
  const taken = deviceSeconds + reserved.outstanding;
  if (next !== undefined && taken + final + next <= limit * 3600) return undefined;
  const message = [
    `${hours(taken)} of ${limit} gpuHours are used${outstanding > 0 ? ` or reserved for ${outstanding} outstanding ${outstanding === 1 ? 'trial' : 'trials'}` : ''}`,
    ...(final > 0 ? [`${hours(final)} are for the final stage`] : []),
    next === undefined
      ? 'what one takes is known once one has ended'
      : `one more needs ${hours(next)}`,
  ].join(', ');
  return outstanding > 0
    ? { kind: 'wait', reason: 'Searching', message }
    : { kind: 'conclude', reason: 'BudgetSpent', message };
}

function hours(seconds: number): number {
  const amount = seconds / 3600;
  return Number(amount.toFixed(amount < 1 ? 4 : 2));
}

function spent(what: string): Decision {
  return { kind: 'conclude', reason: 'BudgetSpent', message: `${what} were used` };
}

function allPlacesTaken({ spec, outstanding }: BudgetInput): Decision | undefined {
  const limit = spec.parallelism;
  if (outstanding < limit) return undefined;
  const message = `${outstanding} trials are outstanding, spec.parallelism allows ${limit}`;
  return { kind: 'wait', reason: 'Searching', message };
}
