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

/** As much of core/v1 Service as we write. */
export interface Service extends KubernetesObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly spec: Readonly<Record<string, unknown>>;
}

export const SERVICES: ObjectKind<Service> = {
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
};

/** As much of networking.k8s.io/v1 NetworkPolicy as we write. */
export interface NetworkPolicy extends KubernetesObject {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly spec: Readonly<Record<string, unknown>>;
}

export const NETWORK_POLICIES: ObjectKind<NetworkPolicy> = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
};

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
