// One cluster for all files of the project `cluster`, started before the first and ended after the last.
import type { TestProject } from 'vitest/node';
import { type Cluster, startCluster } from '../../../scripts/cluster/index.ts';
import type { SharedCluster } from './shared-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: SharedCluster;
  }
}

let cluster: Cluster | undefined;

export async function setup(project: TestProject): Promise<void> {
  cluster = await startCluster();
  const { kubeconfig, server, token, authority, etcdUrl } = cluster.plane;
  const { url: natsUrl } = cluster.nats;
  const { nodes: fakeNodes } = cluster.kwok;
  project.provide('cluster', {
    ...{ kubeconfig, server, token, authority, etcdUrl, natsUrl, fakeNodes },
  });
}

export async function teardown(): Promise<void> {
  await cluster?.stop();
}
