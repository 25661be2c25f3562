// The operator on a cluster: the reconcilers that also run on a laptop, with an API server, NATS and nodes in the place of one
// process (design D1). Composition only; what is decided is decided elsewhere.
import { createHealthServer } from './adapters/http/index.ts';
import { createKubernetesClients, loadKubeConfig } from './adapters/kubernetes/index.ts';
import { connectNats, NatsBus, NatsLedger, NatsLeftovers } from './adapters/nats/index.ts';
import type { OperatorConfig } from './config.ts';
import { trainerDefaults } from './pod-environment.ts';
import { createControllers, type PodTemplate } from './reconcilers/index.ts';
import {
  type Clock,
  createEventRecorder,
  EVENTS,
  type Logger,
  Manager,
  type Metrics,
} from './runtime/index.ts';

export interface OperatorOptions {
  readonly config: OperatorConfig;
  /** Of --trainer-template. */
  readonly template?: PodTemplate | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The metrics, as Prometheus reads them. */
  readonly page: () => Promise<string>;
  readonly random: () => number;
  readonly newUid: () => string;
}

const NAME = 'bionas-operator';

/** Runs until the signal aborts; throws what ended it earlier. */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { config, version, clock, logger, metrics, random, newUid } = options;
  const kubeConfig = loadKubeConfig({ file: config.kubeconfig });
  const clients = createKubernetesClients({
    kubeConfig,
    product: { name: NAME, version },
    clock,
    logger,
    metrics,
    qps: config.qps,
    burst: config.burst,
    random,
  });
  const link = await connectNats(
    { url: config.nats, credsFile: config.natsCreds, name: NAME, clock, logger },
    signal,
  );
  try {
    const ledger = new NatsLedger({ link, newToken: newUid, clock, logger });
    const { searches, trials, pods, controllers, inbox } = createControllers({
      clients,
      bus: new NatsBus({ link, clock, logger, metrics }),
      ledger,
      leftovers: new NatsLeftovers({ link, ledger }),
      trainer: trainerDefaults(config, options.template),
      clock,
      logger,
      metrics,
      random,
      events: createEventRecorder({ client: clients.of(EVENTS), component: NAME, clock, logger }),
      namespace: config.namespace,
    });
    const informers = [searches, trials, pods];
    const health = createHealthServer({
      host: config.healthHost,
      port: config.healthPort,
      notReady: () => informers.filter(({ hasSynced }) => !hasSynced).map(({ name }) => name),
      metrics: options.page,
      logger,
    });
    const services = [inbox, health];
    const manager = new Manager({ informers, controllers, services, clock, logger });
    await manager.run(signal);
  } finally {
    await link.close();
    await clients.close();
  }
}
