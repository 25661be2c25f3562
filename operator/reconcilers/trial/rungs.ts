// What a trial does at a rung: it pauses, without a Pod and with its checkpoint, until its search sends it on or lets it go. Pure.
import type { Trial, TrialStatus } from '../../../crds/index.ts';
import { setCondition } from '../conditions.ts';
import type { Look, Outcome } from './look.ts';
import { EXIT_GRACE_MS, hasEnded } from './pod-end.ts';
import { isFinished, markFinished, withRunning } from './status.ts';

/** It has trained as far as it is to for now: it takes no place. */
export const isPaused = ({ spec, status }: Pick<Trial, 'spec' | 'status'>): boolean =>
  spec.fidelity.pause === true &&
  status?.rungs?.at(-1)?.epochs === spec.fidelity.epochs &&
  !isFinished(status);

/** Whether the result in the status is the one that it paused with. */
export const isAtRung = ({ result, rungs, attempt }: TrialStatus): boolean =>
  result !== undefined && rungs?.at(-1)?.attempt === attempt;

/** Whether this result leads to a pause; one that diverged or was stopped has ended. */
export const pausesWith = (
  { fidelity }: Trial['spec'],
  { outcome, stopped }: NonNullable<TrialStatus['result']>,
): boolean => fidelity.pause === true && outcome === 'Trained' && stopped === undefined;

export function markPaused(status: TrialStatus, { trial, judgement }: Look): TrialStatus {
  const { epochs } = trial.spec.fidelity;
  const { result, attempt, rungs = [] } = status;
  if (result === undefined) return status;
  const why = { reason: 'Paused', message: `waits at ${epochs} epochs for a promotion` } as const;
  const stopped = withRunning(status, 'False', why, judgement);
  const change = { type: 'Paused', status: 'True' as const, ...why };
  const rung = { epochs, attempt, time: judgement.now, metrics: result.metrics };
  return {
    ...stopped,
    conditions: setCondition(stopped.conditions, change, judgement),
    rungs: [...rungs, rung],
  };
}

/** One look at a trial that is at a rung: where its last trainer is gone, a new one may begin. */
export function atRung(look: Look): Outcome {
  const { trial, status, nowMs, judgement } = look;
  const rung = status.rungs?.at(-1);
  const { epochs, pause = false } = trial.spec.fidelity;
  if (rung === undefined) return { status };
  if (epochs > rung.epochs)
    return leaving(look, Date.parse(rung.time) + EXIT_GRACE_MS - nowMs) ?? promoted(look);
  if (pause) return leaving(look, Date.parse(rung.time) + EXIT_GRACE_MS - nowMs) ?? { status };
  const message = `${rung.epochs} of ${trial.spec.training.epochs} epochs: others were promoted`;
  const end = { condition: 'Succeeded', reason: 'NotPromoted', message } as const;
  return { status: markFinished(withoutPause(status, look, end), end, judgement) };
}

/** What to do about a Pod that has not ended; undefined where there is none. */
function leaving({ status, pod }: Look, leftMs: number): Outcome | undefined {
  if (pod === undefined || hasEnded(pod)) return undefined;
  if (pod.metadata.deletionTimestamp !== undefined) return { status };
  return leftMs > 0 ? { status, requeueAfter: leftMs } : { status, act: 'delete pod' };
}

/** Another Pod, from the checkpoint; it is no retry. */
function promoted(look: Look): Outcome {
  const { trial, status, judgement } = look;
  const message = `goes on to ${trial.spec.fidelity.epochs} epochs`;
  const why = { reason: 'Promoted', message } as const;
  const { result: _, failure: __, ...rest } = withoutPause(status, look, why);
  const going = withRunning(rest, 'False', why, judgement);
  return { status: { ...going, attempt: status.attempt + 1 }, requeueAfter: 0 };
}

const withoutPause = (
  status: TrialStatus,
  { judgement }: Look,
  why: { readonly reason: string; readonly message: string },
): TrialStatus => ({
  ...status,
  conditions: setCondition(
    status.conditions,
    { type: 'Paused', status: 'False', ...why },
    judgement,
  ),
});

/** Trials of a search that take a place. */
export const takesPlace = (trial: Pick<Trial, 'spec' | 'status'>): boolean =>
  !isFinished(trial.status) && !isPaused(trial);
