// The cluster that all files of the project `cluster` share, and a namespace of one's own in it.
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Kubectl, kubectlOf } from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

/** What a file is told of it. */
export interface SharedCluster {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly server: string;
  /** The administrator's. */
  readonly token: string;
  /** PEM file with the authority of the server's certificate. */
  readonly authority: string;
  readonly etcdUrl: string;
  readonly natsUrl: string;
  readonly fakeNodes: readonly string[];
}

/** The cluster, with its administrator's kubectl. Only to be used, never to be broken: who breaks one starts one. */
export function sharedCluster(): SharedCluster & { readonly kubectl: Kubectl } {
  const cluster = inject('cluster');
  return { ...cluster, kubectl: kubectlOf(cluster.kubeconfig) };
}

/** A fresh namespace in which Pods can be made at once. */
export async function makeNamespace(kubectl: Kubectl): Promise<string> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  await kubectl(['create', 'namespace', name]);
  await eventually(() => kubectl(['get', 'serviceaccount', 'default', '-n', name]));
  return name;
}
