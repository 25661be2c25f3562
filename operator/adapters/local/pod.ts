// core/v1 Pod, as far as it can run on this machine: one container, its command, its environment.
import type { KubernetesObject, ObjectKind } from '../../runtime/index.ts';
import type { StoredKind } from './stored-kind.ts';

export interface Container {
  readonly name: string;
  readonly image?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  readonly workingDir?: string | undefined;
  readonly env?:
    | readonly { readonly name: string; readonly value?: string | undefined }[]
    | undefined;
}

/** How a container ended. `exitCode` is 128 + signal for one that a signal ended. */
export interface Terminated {
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled' | 'StartError';
  readonly signal?: number | undefined;
  readonly message?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt: string;
}

export interface PodCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export interface PodStatus {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown' | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** When the kubelet took the Pod on. */
  readonly startTime?: string | undefined;
  readonly conditions?: readonly PodCondition[] | undefined;
  readonly containerStatuses?:
    | readonly {
        readonly name: string;
        readonly ready: boolean;
        readonly restartCount: number;
        readonly state: {
          readonly running?: { readonly startedAt: string } | undefined;
          readonly terminated?: Terminated | undefined;
        };
      }[]
    | undefined;
}

export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly restartPolicy?: string | undefined;
    readonly terminationGracePeriodSeconds?: number | undefined;
  };
  readonly status?: PodStatus | undefined;
}

export const POD: ObjectKind<Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};

export function graceSecondsOf(pod: Pod): number {
  return pod.spec.terminationGracePeriodSeconds ?? 30;
}

/** Ended pods do not come back (restartPolicy Never). */
export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Pods live in memory. A deleted one stays while the kubelet ends its process, as on a node. */
export const STORED_POD: StoredKind<Pod> = {
  kind: POD,
  keep: 'memory',
  graceSeconds: (pod) =>
    pod.status?.startTime === undefined || hasEnded(pod) ? 0 : graceSecondsOf(pod),
};
