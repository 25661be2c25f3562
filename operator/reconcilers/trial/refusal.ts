// What a Trial comes to while the API server does not let its Pod be made: Pod Security, a quota or another admission rule says no.
// People change such rules, so it is tried again for a day; meanwhile the Trial says why.
import type { TrialStatus } from '../../../crds/index.ts';
import type { Judgement } from '../conditions.ts';
import type { Outcome } from './look.ts';
import { markFinished, markWaiting } from './status.ts';

const AGAIN_MS = 15_000;
const DEADLINE_MS = 24 * 3_600_000;

export function refused(status: TrialStatus, why: Error, judgement: Judgement): Outcome {
  const reason = 'Refused';
  const message = `its Pod is refused, and tried again: ${why.message}`;
  const waits = status.conditions.find((known) => known.type === 'Running');
  const isRefused = waits?.reason === reason;
  const sinceMs = Date.parse(isRefused ? waits.lastTransitionTime : judgement.now);
  if (Date.parse(judgement.now) - sinceMs < DEADLINE_MS)
    return {
      status: markWaiting(isRefused ? status : anew(status), { reason, message }, judgement),
      requeueAfter: AGAIN_MS,
    };
  const end = {
    condition: 'Failed',
    reason,
    message: `its Pod was refused for a day: ${why.message}`,
  } as const;
  return { status: markFinished(status, end, judgement) };
}

/** Its time counts from now, however long the Trial had waited for something else. */
const anew = (status: TrialStatus): TrialStatus => ({
  ...status,
  conditions: status.conditions.filter(({ type }) => type !== 'Running'),
});
