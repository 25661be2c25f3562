// Whether a search may propose one more network: ordered, pure policies, the first that objects decides.
import { type BioNASSearchSpec, type BioNASSearchStatus, durationMs } from '../../crds/index.ts';
import type { Reason } from './algorithm.ts';
import { reachesTargets } from './ranking.ts';

export interface BudgetInput {
  readonly spec: Pick<BioNASSearchSpec, 'budget' | 'objectives' | 'parallelism' | 'suspend'>;
  readonly counts: Pick<BioNASSearchStatus['trials'], 'proposed' | 'failed'>;
  /** Since the first proposal, in milliseconds. */
  readonly elapsedMs: number;
  /** Used by all trials so far, those that still run included. */
  readonly deviceSeconds: number;
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
];

/** What keeps a search from going on with a trial that paused: it costs no new one. */
const PROMOTION_POLICIES = POLICIES.filter(
  (policy) => policy !== spaceExhausted && policy !== trialsSpent,
);

/** Whether a paused trial may take a place now. */
export const mayPromote = (input: BudgetInput): boolean =>
  PROMOTION_POLICIES.every((policy) => policy(input) === undefined);

/**
 * Counted limits (trials, parallelism) hold exactly with any number of trials outstanding, since a trial counts from its
 * proposal. Measured limits (time, device time, failures) stop further proposals once they are reached; what is
 * outstanding by then may still add to them.
 */
export function mayPropose(input: BudgetInput): Decision {
  for (const policy of POLICIES) {
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

function deviceTimeSpent({ spec, deviceSeconds }: BudgetInput): Decision | undefined {
  const limit = spec.budget.gpuHours;
  if (limit === undefined || deviceSeconds < limit * 3600) return undefined;
  const hours = deviceSeconds / 3600;
  return spent(`${Number(hours.toFixed(hours < 1 ? 4 : 2))} of ${limit} gpuHours`);
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
