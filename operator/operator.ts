// The operator on a cluster: the reconcilers that also run on a laptop, with an API server, NATS and nodes in the place of one
// process (design D1). Composition only; what is decided is decided elsewhere.
import { hostname } from 'node:os';
import { createHealthServer } from './adapters/http/index.ts';
import {
  createKubernetesClients,
  type KubernetesClients,
  loadKubeConfig,
} from './adapters/kubernetes/index.ts';
import {
  connectNats,
  NatsBus,
  NatsLedger,
  NatsLeftovers,
  type NatsLink,
} from './adapters/nats/index.ts';
import type { OperatorConfig } from './config.ts';
import { otherSearches } from './other-searches.ts';
import { trainerDefaults } from './pod-environment.ts';
import {
  type Controllers,
  createControllers,
  type EnvVar,
  type PodTemplate,
  SEARCHES,
  type TrainerDefaults,
} from './reconcilers/index.ts';
import {
  type Clock,
  createEventRecorder,
  EVENTS,
  LEASE,
  LeaderElector,
  type Logger,
  Manager,
  type Metrics,
  type Tracer,
} from './runtime/index.ts';

export interface OperatorOptions {
  readonly config: OperatorConfig;
  /** Of --trainer-template. */
  readonly template?: PodTemplate | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** What trainers need beside TRACEPARENT to say what they do where the operator does. */
  readonly trainerEnv: readonly EnvVar[];
  /** The metrics, as Prometheus reads them. */
  readonly page: () => Promise<string>;
  readonly random: () => number;
  readonly newUid: () => string;
}

const NAME = 'bionas-operator';

/** Runs until the signal aborts; throws what ended it earlier. */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { config, clock, logger } = options;
  const { clients, leaseClients, elector } = reachCluster(options);
  const link = await connectNats(
    { url: config.nats, credsFile: config.natsCreds, name: NAME, clock, logger },
    signal,
  );
  try {
    const assembled = assemble(options, { clients, link });
    const { searches, trials, pods, controllers, inbox } = assembled;
    const informers = [searches, trials, pods];
    const health = createHealthServer({
      host: config.healthHost,
      port: config.healthPort,
      notReady: () => informers.filter(({ hasSynced }) => !hasSynced).map(({ name }) => name),
      metrics: pageOf(options, { ...assembled, link, elector }),
      logger,
    });
    // Reports are the leader's alone to take.
    await new Manager({
      informers,
      controllers: [inbox, ...controllers],
      leadership: config.leaderElect ? elector : undefined,
      services: [health],
      clock,
      logger,
    }).run(signal);
  } finally {
    await link.close();
    await clients.close();
    await leaseClients.close();
  }
}

/** What is counted when somebody asks. How searches and trials stand is the leader's to say: others would count them again. */
function pageOf(
  { config, metrics, version, page }: OperatorOptions,
  { measure, link, elector }: Pick<Controllers, 'measure'> & Pages,
): () => Promise<string> {
  metrics.gauge('build_info', 1, { version });
  return () => {
    metrics.gauge('bus_connected', link.lost.aborted ? 0 : 1);
    if (!config.leaderElect || elector.isHeld()) measure();
    return page();
  };
}

interface Pages {
  readonly link: NatsLink;
  readonly elector: LeaderElector;
}

function reachCluster(options: OperatorOptions) {
  const { config, version, clock, logger, metrics, random, newUid } = options;
  const kubeConfig = loadKubeConfig({ file: config.kubeconfig });
  const product = { name: NAME, version };
  const connection = { kubeConfig, product, clock, logger, metrics, random };
  // Of its own, so that no flood of requests holds up a renewal.
  const leaseClients = createKubernetesClients(connection);
  const elector = new LeaderElector({
    client: leaseClients.of(LEASE),
    lease: { namespace: config.leaseNamespace, name: NAME },
    identity: `${hostname()}_${newUid()}`,
    clock,
    logger,
    metrics,
    random,
  });
  const { leaderElect, qps, burst } = config;
  const beforeWrite = leaderElect ? () => elector.assertHeld() : undefined;
  const clients = createKubernetesClients({ ...connection, qps, burst, beforeWrite });
  return { clients, leaseClients, elector };
}

const telling = (trainer: TrainerDefaults, env: readonly EnvVar[]): TrainerDefaults => ({
  ...trainer,
  env: (trial, attempt) => [...trainer.env(trial, attempt), ...env],
});

function assemble(
  { config, template, clock, logger, metrics, tracer, trainerEnv, random, newUid }: OperatorOptions,
  { clients, link }: { readonly clients: KubernetesClients; readonly link: NatsLink },
): Controllers {
  const settings = {
    replicas: config.natsReplicas,
    reportsMaxAgeMs: config.reportsMaxAge,
    duplicateWindowMs: config.duplicateWindow,
  };
  const ledger = new NatsLedger({ link, settings, newToken: newUid, clock, logger });
  return createControllers({
    clients,
    bus: new NatsBus({ link, settings, clock, logger, metrics }),
    ledger,
    leftovers: new NatsLeftovers({ link, ledger }),
    others: otherSearches({
      searches: clients.of(SEARCHES),
      ledger,
      mayAccess: (question) => clients.mayAccess(question),
    }),
    trainer: telling(trainerDefaults(config, template), trainerEnv),
    clock,
    logger,
    metrics,
    tracer,
    random,
    events: createEventRecorder({ client: clients.of(EVENTS), component: NAME, clock, logger }),
    namespace: config.namespace,
  });
}
