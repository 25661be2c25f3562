// What a report changes in a Trial's status. A report may come twice, late, out of order or from a Pod that was replaced:
// a result counts whichever attempt found it, a failure only while its attempt is the current one, and nothing undoes a result.
// What an attempt of an earlier rung says comes too late, and would undo the promotion. Progress changes no object: it goes to whoever watches live, and costs the API server nothing.
import type { Report, TrialStatus } from '../../../crds/index.ts';

export function applyReport(status: TrialStatus, { body, attempt }: Report): TrialStatus {
  if (status.result !== undefined || attempt <= lastOfRung(status)) return status;
  if (body.kind === 'result') return { ...status, result: body.result };
  if (body.kind !== 'failure' || attempt !== status.attempt) return status;
  return { ...status, failure: { reason: body.reason, message: body.message } };
}

const lastOfRung = ({ rungs }: TrialStatus): number => rungs?.at(-1)?.attempt ?? -1;
