// The cluster that a backup is of, or for: its API server and its NATS. Their libraries are loaded only here.
import { randomUUID } from 'node:crypto';
import type { KubernetesClients } from '../../operator/adapters/kubernetes/index.ts';
import type { NatsLedger, NatsLink } from '../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { type NatsPlace, natsAt } from '../nats-place.ts';

export interface ClusterPlace extends NatsPlace {
  readonly kubeconfig?: string | undefined;
}

export interface Cluster {
  readonly clients: KubernetesClients;
  readonly link: NatsLink;
  readonly ledger: NatsLedger;
}

const DEADLINE_MS = 10_000;

/** Runs `work` with it, and lets it go. @throws KubeConfigError | NatsUnreachableError */
export async function withCluster<T>(
  { kubeconfig, ...place }: ClusterPlace,
  { version, signal }: { readonly version: string; readonly signal: AbortSignal },
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { createKubernetesClients, loadKubeConfig } = await import(
    '../../operator/adapters/kubernetes/index.ts'
  );
  const { connectNats, NatsLedger } = await import('../../operator/adapters/nats/index.ts');
  const shared = { clock: systemClock, logger: silentLogger };
  const clients = createKubernetesClients({
    kubeConfig: loadKubeConfig({ file: kubeconfig }),
    product: { name: 'bionas', version },
    random: Math.random,
    ...shared,
  });
  try {
    const connecting = { ...natsAt(place), deadlineMs: DEADLINE_MS, ...shared };
    const link = await connectNats({ ...connecting, name: 'bionas backup' }, signal);
    try {
      return await work({
        clients,
        link,
        ledger: new NatsLedger({ link, newToken: randomUUID, ...shared }),
      });
    } finally {
      await link.close();
    }
  } finally {
    await clients.close();
  }
}
