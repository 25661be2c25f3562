// What a change of a Trial's status is worth telling as an Event: only what somebody may want to act on. A trial that goes
// well says nothing, so that thousands of them do not fill the API server.
import type { TrialStatus } from '../../../crds/index.ts';
import type { Happening } from '../../runtime/index.ts';

export function happeningOf(before: TrialStatus, after: TrialStatus): Happening | undefined {
  const failed = after.conditions.find(
    ({ type, status }) => type === 'Failed' && status === 'True',
  );
  if (failed !== undefined)
    return { type: 'Warning', reason: failed.reason, message: failed.message };
  if (after.attempt === before.attempt) return undefined;
  const running = after.conditions.find(({ type }) => type === 'Running');
  if (running?.reason === 'Promoted') return undefined;
  const type = after.retries > before.retries ? 'Warning' : 'Normal';
  return { type, reason: running?.reason ?? 'Interrupted', message: running?.message ?? '' };
}
