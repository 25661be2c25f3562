// Searches of a cluster: objects from its API server, what has ended from the ledger on its NATS, where that is in reach.
import type { BioNASSearch } from '../../crds/index.ts';
import {
  createKubernetesClients,
  type KubernetesClients,
  loadKubeConfig,
  namespaceOf,
  withToken,
} from '../../operator/adapters/kubernetes/index.ts';
import { SEARCH_LABEL, SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import {
  controllerOf,
  keyOf,
  type Live,
  NotFoundError,
  type ObjectKey,
  systemClock,
} from '../../operator/runtime/index.ts';
import type { NatsPlace } from '../nats-place.ts';
import { logOf } from './cluster-log.ts';
import { type ClusterNats, clusterNats, keptFile, outOfReach } from './cluster-nats.ts';
import { operatorEvidence } from './cluster-operator.ts';
import { attemptsOf, eventsOf } from './cluster-pods.ts';
import { withAdvice } from './cluster-trouble.ts';
import { type FoundSearch, NoSuchSearchError, type SearchPlace, withoutPlaces } from './place.ts';

export interface ClusterIo {
  readonly version: string;
  /** With the keys of S3, where trials keep files there. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ClusterFlags extends Partial<NatsPlace> {
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** Runs `work` with it, and lets it go. @throws KubeConfigError | PlaceError */
export async function withClusterPlace<T>(
  flags: ClusterFlags,
  { version, signal, env }: ClusterIo,
  work: (place: SearchPlace) => Promise<T>,
): Promise<T> {
  const kubeConfig = loadKubeConfig({ file: flags.kubeconfig, context: flags.context });
  const shared = { product: { name: 'bionas', version }, clock: systemClock, random: Math.random };
  const clients = createKubernetesClients({ kubeConfig, ...shared });
  const clientsOf = (token: string) =>
    createKubernetesClients({ kubeConfig: withToken(kubeConfig, token), ...shared });
  const nats =
    flags.nats === undefined ? undefined : clusterNats({ ...flags, nats: flags.nats }, signal);
  const namespace = flags.allNamespaces ? undefined : (flags.namespace ?? namespaceOf(kubeConfig));
  try {
    return await withAdvice(() => work(placeIn({ clients, clientsOf, nats, env, namespace })));
  } finally {
    await nats?.close();
    await clients.close();
  }
}

interface Parts {
  readonly clients: KubernetesClients;
  /** Of whoever has the token. */
  readonly clientsOf: (token: string) => KubernetesClients;
  readonly nats: ClusterNats | undefined;
  readonly env: ClusterIo['env'];
  /** undefined: all. */
  readonly namespace: string | undefined;
}

function placeIn(parts: Parts): SearchPlace {
  const { clients, namespace } = parts;
  const client = clients.of(SEARCHES);
  return {
    kind: 'cluster',
    listen: () => parts.nats?.listen(),
    async searches() {
      const { items } = await client.list({ namespace });
      return items.map((search) => foundIn(search, parts));
    },
    async open(name) {
      const key = { namespace: namespace ?? 'default', name };
      return foundIn(await getSearch(clients, key), parts);
    },
  };
}

async function getSearch(clients: KubernetesClients, key: ObjectKey): Promise<Live<BioNASSearch>> {
  try {
    return await clients.of(SEARCHES).get(key);
  } catch (cause) {
    // A server without our kinds says so.
    if (!(cause instanceof NotFoundError) || cause.message.includes('installed')) throw cause;
    throw new NoSuchSearchError(
      `${key.namespace}/${key.name}: expected a BioNASSearch, found none; status -A lists those of all namespaces`,
      { cause },
    );
  }
}

function foundIn(search: Live<BioNASSearch>, parts: Omit<Parts, 'namespace'>): FoundSearch {
  const { clients, nats } = parts;
  const { name, namespace = 'default', uid, resourceVersion } = search.metadata;
  return {
    search,
    argument: name,
    async trials() {
      const labels = { [SEARCH_LABEL]: name };
      const { items } = await clients.of(TRIALS).list({ namespace, labels });
      return items.filter((trial) => controllerOf(trial)?.uid === uid);
    },
    liveEpochs: async () => (trial) => nats?.epochsOf(trial.metadata.uid ?? '') ?? [],
    again: async () => foundIn(await getSearch(clients, keyOf(search)), parts),
    records: () => nats && withoutPlaces(nats.recordsFrom(uid, 0)),
    recordsFrom: (place) => nats?.recordsFrom(uid, place),
    attempts: (trial) => attemptsOf(clients, { namespace, name: trial }),
    log: ({ pod }, signal, reading) =>
      logOf(clients, { namespace, name: pod }, { ...reading, clock: systemClock, signal }),
    file: (left, signal) => keptFile(nats, left, { search, env: parts.env ?? {}, signal }),
    outOfReach: (left) => outOfReach(nats, left, search),
    events: () => eventsOf(clients, search),
    evidence: (options) => operatorEvidence(clients, options),
    edit: (spec, { changed = false } = {}) =>
      clients
        .of(SEARCHES)
        .patch(keyOf(search), { spec }, changed ? { uid, resourceVersion } : { uid }),
    async editAs(spec, token) {
      const callers = parts.clientsOf(token);
      const patched = callers.of(SEARCHES).patch(keyOf(search), { spec }, { uid });
      return await patched.finally(() => callers.close());
    },
  };
}
