// The statuses that a kubelet writes, by named verbs. Pure.
import type { Pod, PodStatus, Terminated } from './pod.ts';

function containerName(pod: Pod): string {
  return pod.spec.containers[0]?.name ?? '';
}

/** Taken on: from now on a delete must wait for the process. */
export function accepted(startTime: string): PodStatus {
  return { phase: 'Pending', startTime };
}

export function running(pod: Pod, startedAt: string): PodStatus {
  const status = { ready: true, restartCount: 0, state: { running: { startedAt } } };
  return { phase: 'Running', containerStatuses: [{ name: containerName(pod), ...status }] };
}

export function ended(pod: Pod, terminated: Terminated): PodStatus {
  const status = { ready: false, restartCount: 0, state: { terminated } };
  return {
    phase: terminated.reason === 'Completed' ? 'Succeeded' : 'Failed',
    containerStatuses: [{ name: containerName(pod), ...status }],
  };
}

/** Ended because the kubelet itself stops, as in a node's graceful shutdown: no fault of the pod's. */
export function disrupted(status: PodStatus, lastTransitionTime: string): PodStatus {
  if (status.phase === 'Succeeded') return status;
  const message = 'Pod was terminated because this machine stops running pods.';
  const reason = 'TerminationByKubelet';
  return {
    ...status,
    reason: 'Terminated',
    message,
    conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message, lastTransitionTime }],
  };
}
