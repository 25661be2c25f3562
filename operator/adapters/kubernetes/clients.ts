// Puts the adapter together: clients of a real API server behind the ports of the runtime.
import type { KubeConfig } from '@kubernetes/client-node';
import {
  type Clock,
  type Logger,
  type Metrics,
  noMetrics,
  type ObjectClients,
  type ObjectKey,
  silentLogger,
} from '../../runtime/index.ts';
import { type AccessQuestion, mayAccess } from './access.ts';
import { ApiServer } from './api-server.ts';
import { ConnectionSource } from './connection.ts';
import { KubeConfigError } from './kube-config.ts';
import { objectClient } from './object-client.ts';
import { type PodLogOptions, podLog } from './pod-log.ts';
import { type ReviewedToken, reviewToken } from './token-review.ts';

export interface KubernetesClientsOptions {
  readonly kubeConfig: KubeConfig;
  /** Name is the field manager; both together are the user agent. */
  readonly product: { readonly name: string; readonly version: string };
  readonly clock: Clock;
  /** In [0, 1): spreads those who are asked to come back later. */
  readonly random: () => number;
  readonly logger?: Logger | undefined;
  readonly metrics?: Metrics | undefined;
  /** Requests a second, after a burst of so many at once; 200 and 400 by default. */
  readonly qps?: number | undefined;
  readonly burst?: number | undefined;
  /** For a call with all its tries, a page of a list, the beginning of a watch; 10 s by default. */
  readonly deadlineMs?: number | undefined;
  /** A watch that is silent for so long is begun anew: servers send a bookmark a minute while a kind changes at all. 90 s by default. */
  readonly watchSilenceMs?: number | undefined;
  /** After which the server ends a watch; 300 s by default. */
  readonly watchSeconds?: number | undefined;
  /** Objects a page of a list; 500 by default. */
  readonly pageSize?: number | undefined;
  /** Called right before a write is sent; what it throws keeps the write from being sent. */
  readonly beforeWrite?: (() => void) | undefined;
}

export interface KubernetesClients extends ObjectClients {
  /** Whether somebody may do something, by a SubjectAccessReview. */
  mayAccess(question: AccessQuestion): Promise<boolean>;
  /** Whose a token is that was made for `audience`, by a TokenReview. */
  reviewToken(token: string, audience: string): Promise<ReviewedToken>;
  /** What a container of a Pod has written up to now. @throws NotFoundError | InvalidError */
  podLog(pod: ObjectKey, options: PodLogOptions): AsyncIterable<Uint8Array>;
  /** Ends calls and watches under way with TransportError. */
  close(): Promise<void>;
}

/** @throws KubeConfigError */
export function createKubernetesClients(options: KubernetesClientsOptions): KubernetesClients {
  const { kubeConfig, product, clock } = options;
  const { logger = silentLogger, metrics = noMetrics, beforeWrite = () => {} } = options;
  const address = kubeConfig.getCurrentCluster()?.server;
  if (!address) throw new KubeConfigError('the kubeconfig leads to no cluster');
  const server = new ApiServer({
    server: address,
    connections: new ConnectionSource(kubeConfig, clock, beforeWrite),
    userAgent: `${product.name}/${product.version}`,
    clock,
    random: options.random,
    logger,
    metrics,
    requests: { perSecond: options.qps ?? 200, burst: options.burst ?? 400 },
    deadlineMs: options.deadlineMs ?? 10_000,
    silenceMs: options.watchSilenceMs ?? 90_000,
  });
  const settings = {
    server,
    metrics,
    fieldManager: product.name,
    pageSize: options.pageSize ?? 500,
    watchSeconds: options.watchSeconds ?? 300,
  };
  return {
    of: (kind) => objectClient(kind, settings),
    mayAccess: (question) => mayAccess(server, question),
    reviewToken: (token, audience) => reviewToken(server, token, audience),
    podLog: (pod, options) => podLog(server, pod, options),
    close: () => server.close(),
  };
}
