// Named changes of a Trial's status. Each returns a new status; the reconciler writes the last one, once.
import { type TrialReason, TrialStatus } from '../../../crds/index.ts';
import { isTrue, type Judgement, setCondition } from '../conditions.ts';

export const emptyStatus = (): TrialStatus => TrialStatus.parse({});

export const isFinished = (status: TrialStatus | undefined): boolean =>
  isTrue(status?.conditions, 'Succeeded') || isTrue(status?.conditions, 'Failed');

/** It waits because its search says so. */
export const isHeld = (status: TrialStatus | undefined): boolean =>
  status?.conditions.some(({ type, reason }) => type === 'Running' && reason === 'Suspended') ??
  false;

/** Since when the Pod of this attempt has run, in ms since 1970; undefined while none does. */
export function runningSince(status: TrialStatus | undefined): number | undefined {
  const running = status?.conditions.find(({ type }) => type === 'Running');
  return running?.status === 'True' ? Date.parse(running.lastTransitionTime) : undefined;
}

export interface Why {
  readonly reason: TrialReason;
  readonly message: string;
}

export function withRunning(
  status: TrialStatus,
  running: 'True' | 'False',
  why: Why,
  judgement: Judgement,
): TrialStatus {
  const change = { type: 'Running', status: running, ...why };
  return {
    ...status,
    observedGeneration: judgement.generation,
    conditions: setCondition(status.conditions, change, judgement),
  };
}

/** Says what the trial waits for; the same status where it says so already. */
export function markWaiting(status: TrialStatus, why: Why, judgement: Judgement): TrialStatus {
  const running = status.conditions.find(({ type }) => type === 'Running');
  if (running?.status === 'False' && running.reason === why.reason) return status;
  return withRunning(status, 'False', why, judgement);
}

export function markRunning(status: TrialStatus, judgement: Judgement): TrialStatus {
  if (isTrue(status.conditions, 'Running')) return status;
  const why = { reason: 'Training', message: `attempt ${status.attempt} trains` } as const;
  const running = withRunning(status, 'True', why, judgement);
  return { ...running, startTime: running.startTime ?? judgement.now };
}

/** Another Pod, from the checkpoint. */
export function markAgain(
  status: TrialStatus,
  why: Why & { readonly spendsRetry: boolean },
  judgement: Judgement,
): TrialStatus {
  const { failure: _, ...rest } = withRunning(
    status,
    'False',
    { reason: why.reason, message: why.message },
    judgement,
  );
  return {
    ...rest,
    attempt: status.attempt + 1,
    retries: status.retries + (why.spendsRetry ? 1 : 0),
  };
}

export function markFinished(
  status: TrialStatus,
  end: Why & { readonly condition: 'Succeeded' | 'Failed' },
  judgement: Judgement,
): TrialStatus {
  const { condition, ...why } = end;
  const stopped = withRunning(status, 'False', why, judgement);
  const change = { type: condition, status: 'True' as const, ...why };
  return {
    ...stopped,
    conditions: setCondition(stopped.conditions, change, judgement),
    completionTime: judgement.now,
  };
}
