// The kinds that the reconcilers work on, as the runtime names them.
import type { BioNASSearch, Trial } from '../../crds/index.ts';
import type { KubernetesObject, ObjectKind } from '../runtime/index.ts';

export const SEARCHES: ObjectKind<BioNASSearch> = {
  apiVersion: 'bionas.dev/v1alpha1',
  kind: 'BioNASSearch',
  plural: 'bionassearches',
  namespaced: true,
};

export const TRIALS: ObjectKind<Trial> = {
  apiVersion: 'bionas.dev/v1alpha1',
  kind: 'Trial',
  plural: 'trials',
  namespaced: true,
};

/** As much of core/v1 Pod as we read. */
export interface Pod extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly spec: {
    readonly nodeName?: string;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly [field: string]: unknown;
  };
  readonly status?: PodStatus;
}

export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly startTime?: string;
  readonly conditions?: readonly PodCondition[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: {
      readonly exitCode: number;
      readonly reason?: string;
      readonly message?: string;
      readonly startedAt?: string;
      readonly finishedAt?: string;
    };
  };
}

export const PODS: ObjectKind<Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
};
