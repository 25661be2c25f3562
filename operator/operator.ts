// The operator on a cluster: the reconcilers that also run on a laptop, with an API server, NATS and nodes in the place of one
// process (design D1). Composition only; what is decided is decided elsewhere.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createHealthServer } from './adapters/http/index.ts';
import {
  createKubernetesClients,
  type KubernetesClients,
  loadKubeConfig,
} from './adapters/kubernetes/index.ts';
import {
  AuthCallout,
  connectNats,
  NatsBus,
  NatsLedger,
  NatsLeftovers,
  type NatsLink,
  type NatsOptions,
  readSeed,
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
import { trainerAccess } from './trainer-access.ts';

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
/** NATS waits for 5 s as serverConfiguration sets it up. */
const REVIEW_MS = 3_000;

/** Runs until the signal aborts; throws what ended it earlier. */
export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { config, clock, logger } = options;
  const { clients, ownClients, elector } = reachCluster(options);
  const link = await connectNats(natsOptions(options), signal);
  try {
    const parts = assemble(options, { clients, link });
    const { searches, trials, pods, controllers, inbox } = parts;
    const informers = [searches, trials, pods];
    const health = createHealthServer({
      host: config.healthHost,
      port: config.healthPort,
      notReady: () => informers.filter(({ hasSynced }) => !hasSynced).map(({ name }) => name),
      metrics: pageOf(options, { ...parts, link, elector }),
      logger,
    });
    // Reports are the leader's alone to take.
    await new Manager({
      informers,
      controllers: [inbox, ...controllers],
      leadership: config.leaderElect ? elector : undefined,
      services: [health, ...callout(options, { link, ownClients, parts })],
      clock,
      logger,
    }).run(signal);
  } finally {
    await link.close();
    await clients.close();
    await ownClients.lease.close();
    await ownClients.review.close();
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

function natsOptions({ config, clock, logger }: OperatorOptions): NatsOptions {
  const { nats: url, natsCreds, natsNkey, natsCa, natsCert, natsKey } = config;
  const files = { caFile: natsCa, certFile: natsCert, keyFile: natsKey };
  return { url, credsFile: natsCreds, nkeyFile: natsNkey, ...files, name: NAME, clock, logger };
}

/** On every replica: trainers come in while any of them lives. */
function callout(
  { config, clock, logger, metrics }: OperatorOptions,
  { link, ownClients, parts }: CalloutParts,
): readonly AuthCallout[] {
  const { natsAuthIssuer, natsAuthXkey, natsAuthAccount: account, natsAuthTtl: ttlMs } = config;
  if (natsAuthIssuer === undefined) return [];
  const { searches, trials, pods } = parts;
  const judge = trainerAccess({
    review: (token, audience) => ownClients.review.reviewToken(token, audience),
    pods: pods.cache,
    trials: trials.cache,
    searches: searches.cache,
  });
  const keys = {
    issuer: readSeed(natsAuthIssuer, 'issuer'),
    ...(natsAuthXkey === undefined ? {} : { xkey: readSeed(natsAuthXkey, 'xkey') }),
  };
  const settings = { replicas: config.natsReplicas };
  const ready = () => Promise.all([searches, trials, pods].map((informer) => informer.synced()));
  const judging = { keys, account, ttlMs, ready, judge, settings };
  return [new AuthCallout({ link, ...judging, clock, logger, metrics })];
}

interface CalloutParts {
  readonly link: NatsLink;
  readonly ownClients: ReturnType<typeof reachCluster>['ownClients'];
  readonly parts: Controllers;
}

function reachCluster(options: OperatorOptions) {
  const { config, version, clock, logger, metrics, random, newUid } = options;
  const kubeConfig = loadKubeConfig({ file: config.kubeconfig });
  const product = { name: NAME, version };
  const connection = { kubeConfig, product, clock, logger, metrics, random };
  // Of their own, so that no flood of requests holds up a renewal, or keeps trainers out.
  const ownClients = {
    lease: createKubernetesClients(connection),
    review: createKubernetesClients({ ...connection, deadlineMs: REVIEW_MS }),
  };
  const elector = new LeaderElector({
    client: ownClients.lease.of(LEASE),
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
  return { clients, ownClients, elector };
}

const authorityFor = ({ trainerNatsCa, natsCa }: OperatorConfig): string | undefined => {
  const file = trainerNatsCa ?? natsCa;
  return file === undefined ? undefined : readFileSync(file, 'utf8');
};

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
    trainer: trainerDefaults({
      config,
      template,
      authority: authorityFor(config),
      env: trainerEnv,
    }),
    clock,
    logger,
    metrics,
    tracer,
    random,
    events: createEventRecorder({ client: clients.of(EVENTS), component: NAME, clock, logger }),
    namespace: config.namespace,
  });
}
