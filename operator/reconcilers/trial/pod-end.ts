// Reads a Pod's status: does it run, and how did it end.
import type { ContainerStatus, Pod } from '../objects.ts';
import { TRAINER_CONTAINER } from './pod.ts';
import type { PodEnd } from './policies.ts';

const trainerOf = ({ status }: Pod): ContainerStatus | undefined =>
  status?.containerStatuses?.find(({ name }) => name === TRAINER_CONTAINER);

export const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running';

/** How the Pod ended, or undefined while it may go on. A Pod that is being deleted counts once its container ended. */
export function endOf(pod: Pod, nowMs: number): PodEnd | undefined {
  const phase = pod.status?.phase;
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  const terminated = trainerOf(pod)?.state?.terminated;
  const finished = terminated?.finishedAt;
  const reason = pod.status?.reason ?? failureReason(terminated?.reason);
  return {
    ...(terminated === undefined ? {} : { exitCode: terminated.exitCode }),
    ...(reason === undefined ? {} : { reason }),
    sinceMs: finished === undefined ? Number.POSITIVE_INFINITY : nowMs - Date.parse(finished),
  };
}

/** `Completed` and `Error` repeat the exit code. */
const failureReason = (reason: string | undefined): string | undefined =>
  reason === 'Completed' || reason === 'Error' ? undefined : reason;

/** Seconds that the trainer's container ran; 0 where nobody noted them. */
export function runSeconds(pod: Pod): number {
  const terminated = trainerOf(pod)?.state?.terminated;
  const { startedAt, finishedAt } = terminated ?? {};
  if (startedAt === undefined || finishedAt === undefined) return 0;
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
