// Reads a Pod's status: does it run, and how did it end.
import type { ContainerStatus, Pod } from '../objects.ts';
import type { PodEnd } from './policies.ts';
import { TRAINER_CONTAINER } from './trainer-container.ts';

export const trainerOf = ({ status }: Pod): ContainerStatus | undefined =>
  status?.containerStatuses?.find(({ name }) => name === TRAINER_CONTAINER);

export const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';

export const hasEnded = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** When the trainer's container began, in ms since 1970 by the node's clock; undefined before that. */
export function startedMs(pod: Pod): number | undefined {
  const { running, terminated } = trainerOf(pod)?.state ?? {};
  const text = running?.startedAt ?? terminated?.startedAt;
  return text === undefined ? undefined : Date.parse(text);
}

/** When it ended, likewise. */
export function finishedMs(pod: Pod): number | undefined {
  const text = trainerOf(pod)?.state?.terminated?.finishedAt;
  return text === undefined ? undefined : Date.parse(text);
}

/** A trainer that has nothing left to do ends by itself; one that does not holds a device for nothing. */
export const EXIT_GRACE_MS = 60_000;

/** Kubernetes' own word, and Kueue's. */
const DISRUPTIONS = ['DisruptionTarget', 'TerminationTarget'];

/** Why somebody wants the Pod gone, in a word: PreemptionByScheduler, EvictionByEvictionAPI, ...; undefined where nobody says. */
export const disruptionOf = ({ status }: Pod): string | undefined =>
  status?.conditions?.find(({ type, status: is }) => DISRUPTIONS.includes(type) && is === 'True')
    ?.reason;

/** Somebody wanted the Pod gone (suspension, eviction, preemption, a drain), so its end is not the trainer's doing. */
export const isDisrupted = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined ||
  (status?.conditions?.some(
    ({ type, status: is }) => DISRUPTIONS.includes(type) && is === 'True',
  ) ??
    false);

/** Ms since 1970: the time, and the last step of the clock that says so. */
interface Now {
  readonly nowMs: number;
  readonly evenSinceMs: number;
}

interface Watch {
  readonly nowMs: number;
  /** Since when reports have been heard: an end before that is news. */
  readonly sinceMs: number;
}

/** How the Pod ended, or undefined while it may go on. A Pod that is being deleted counts once its container ended. */
export function endOf(pod: Pod, watch: Watch): PodEnd | undefined {
  if (!hasEnded(pod)) return undefined;
  const terminated = trainerOf(pod)?.state?.terminated;
  const reason = pod.status?.reason ?? reasonOf(terminated?.reason, disruptionOf(pod));
  const ended = Date.parse(terminated?.finishedAt ?? '') || watch.sinceMs;
  return {
    ...(terminated === undefined ? {} : { exitCode: terminated.exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(terminated?.message === undefined ? {} : { message: terminated.message }),
    disrupted: isDisrupted(pod),
    sinceMs: watch.nowMs - Math.max(ended, watch.sinceMs),
  };
}

/** `Completed` and `Error` repeat the exit code. What ran out of memory did so whoever wanted it gone. */
const reasonOf = (
  terminated: string | undefined,
  disruption: string | undefined,
): string | undefined => {
  if (terminated === 'OOMKilled') return terminated;
  return (
    disruption ?? (terminated === 'Completed' || terminated === 'Error' ? undefined : terminated)
  );
};

/**
 * Seconds that the trainer's container ran; until now where it still does, as far as the clock ran evenly. 0 where nobody
 * noted them.
 */
export function runSeconds(pod: Pod, { nowMs, evenSinceMs }: Now): number {
  const started = startedMs(pod);
  if (started === undefined) return 0;
  const finished = trainerOf(pod)?.state?.terminated?.finishedAt;
  const ms =
    finished === undefined
      ? nowMs - Math.max(started, evenSinceMs)
      : Date.parse(finished) - started;
  return Math.max(0, ms) / 1000;
}
