// The flags of each part of the control plane: everything on the loopback, nothing that waits, RBAC on.
import { join } from 'node:path';
import type { Access } from './access.ts';

const HOST = '127.0.0.1';
// The parts share two cores with their test: no limit of theirs should be what a test measures.
const CLIENT_LIMITS = ['--kube-api-qps=500', '--kube-api-burst=1000'];

export interface Layout {
  readonly directory: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiserverPort: number;
  readonly access: Access;
}

export const etcdUrl = ({ etcdPort }: Layout) => `http://${HOST}:${etcdPort}`;

/** A crash of etcd's process loses nothing; only a crash of the machine may, without fsync. */
export function etcdFlags(layout: Layout): string[] {
  return [
    `--data-dir=${join(layout.directory, 'etcd')}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    `--listen-client-urls=${etcdUrl(layout)}`,
    `--advertise-client-urls=${etcdUrl(layout)}`,
    `--listen-peer-urls=http://${HOST}:${layout.etcdPeerPort}`,
  ];
}

export function apiserverFlags(layout: Layout): string[] {
  const { access } = layout;
  return [
    `--etcd-servers=${etcdUrl(layout)}`,
    `--bind-address=${HOST}`,
    `--advertise-address=${HOST}`,
    `--secure-port=${layout.apiserverPort}`,
    `--cert-dir=${access.certificates}`,
    `--token-auth-file=${access.tokens}`,
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${access.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${access.serviceAccountKey}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--endpoint-reconciler-type=none',
    '--max-requests-inflight=1600',
    '--max-mutating-requests-inflight=800',
    '--allow-privileged',
  ];
}

export function controllerManagerFlags({ access, directory }: Layout): string[] {
  return [
    `--kubeconfig=${access.kubeconfigOf('kube-controller-manager')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--use-service-account-credentials',
    `--service-account-private-key-file=${access.serviceAccountKey}`,
    `--root-ca-file=${access.authority}`,
    '--allocate-node-cidrs=false',
    // Made where it is missing, by default below /usr.
    `--flex-volume-plugin-dir=${join(directory, 'volume-plugins')}`,
    ...CLIENT_LIMITS,
  ];
}

export function schedulerFlags({ access }: Layout): string[] {
  const kubeconfig = access.kubeconfigOf('kube-scheduler');
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    ...CLIENT_LIMITS,
  ];
}
