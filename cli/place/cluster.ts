// Searches of a cluster: objects from its API server, what has ended from the ledger on its NATS, where that is in reach.
import { randomUUID } from 'node:crypto';
import type { BioNASSearch } from '../../crds/index.ts';
import {
  createKubernetesClients,
  type KubernetesClients,
  loadKubeConfig,
  namespaceOf,
} from '../../operator/adapters/kubernetes/index.ts';
import { connectNats, NatsLedger, type NatsLink } from '../../operator/adapters/nats/index.ts';
import {
  isTrialRecord,
  recordSchema,
  SEARCH_LABEL,
  SEARCHES,
  TRIALS,
} from '../../operator/reconcilers/index.ts';
import {
  controllerOf,
  keyOf,
  type Live,
  NotFoundError,
  type ObjectKey,
  silentLogger,
  systemClock,
} from '../../operator/runtime/index.ts';
import { type NatsPlace, natsAt } from '../nats-place.ts';
import { operatorEvidence } from './cluster-operator.ts';
import { attemptsOf, eventsOf, logOf } from './cluster-pods.ts';
import { withAdvice } from './cluster-trouble.ts';
import {
  type FoundSearch,
  type LedgerPlace,
  NoSuchSearchError,
  type PlacedRecord,
  type SearchPlace,
  withoutPlaces,
} from './place.ts';

export interface ClusterIo {
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface ClusterFlags extends Partial<NatsPlace> {
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** How long a command waits for NATS. */
const DEADLINE_MS = 10_000;

/** Runs `work` with it, and lets it go. @throws KubeConfigError | PlaceError */
export async function withClusterPlace<T>(
  flags: ClusterFlags,
  { version, signal }: ClusterIo,
  work: (place: SearchPlace) => Promise<T>,
): Promise<T> {
  const kubeConfig = loadKubeConfig({ file: flags.kubeconfig, context: flags.context });
  const clients = createKubernetesClients({
    kubeConfig,
    product: { name: 'bionas', version },
    clock: systemClock,
    random: Math.random,
  });
  const ledger = ledgerAt(flags, signal);
  const namespace = flags.allNamespaces ? undefined : (flags.namespace ?? namespaceOf(kubeConfig));
  try {
    return await withAdvice(() => work(placeIn({ clients, ledger, namespace })));
  } finally {
    await ledger?.close();
    await clients.close();
  }
}

interface Parts {
  readonly clients: KubernetesClients;
  readonly ledger: LazyLedger | undefined;
  /** undefined: all. */
  readonly namespace: string | undefined;
}

function placeIn(parts: Parts): SearchPlace {
  const { clients, namespace } = parts;
  const client = clients.of(SEARCHES);
  return {
    kind: 'cluster',
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

function foundIn(
  search: Live<BioNASSearch>,
  { clients, ledger }: Pick<Parts, 'clients' | 'ledger'>,
): FoundSearch {
  const { name, namespace = 'default', uid } = search.metadata;
  return {
    search,
    argument: name,
    async trials() {
      const labels = { [SEARCH_LABEL]: name };
      const { items } = await clients.of(TRIALS).list({ namespace, labels });
      return items.filter((trial) => controllerOf(trial)?.uid === uid);
    },
    again: async () => foundIn(await getSearch(clients, keyOf(search)), { clients, ledger }),
    records: () => ledger && withoutPlaces(recordsIn(ledger, uid, 0)),
    recordsFrom: (place) => ledger && recordsIn(ledger, uid, place),
    attempts: (trial) => attemptsOf(clients, { namespace, name: trial }),
    log: ({ pod }, signal) => logOf(clients, { namespace, name: pod }, signal),
    events: () => eventsOf(clients, search),
    evidence: (options) => operatorEvidence(clients, options),
    edit: (spec) => clients.of(SEARCHES).patch(keyOf(search), { spec }, { uid }),
  };
}

async function* recordsIn(
  ledger: LazyLedger,
  search: string,
  from: LedgerPlace,
): AsyncGenerator<PlacedRecord> {
  const { read } = await ledger.open();
  for await (const { sequence, record } of read(search, from)) {
    const known = recordSchema(record).parse(record);
    if (isTrialRecord(known)) yield { record: known, place: sequence };
  }
}

/** Connected once it is asked for. */
interface LazyLedger {
  open(): Promise<Pick<NatsLedger, 'read'>>;
  close(): Promise<void>;
}

function ledgerAt({ nats, ...place }: ClusterFlags, signal: AbortSignal): LazyLedger | undefined {
  if (nats === undefined) return undefined;
  const shared = { clock: systemClock, logger: silentLogger };
  const connecting = { ...natsAt({ ...place, nats }), deadlineMs: DEADLINE_MS, ...shared };
  let link: Promise<NatsLink> | undefined;
  return {
    async open() {
      link ??= connectNats({ ...connecting, name: 'bionas' }, signal);
      const ledger = new NatsLedger({ link: await link, newToken: randomUUID, ...shared });
      return { read: (search, after) => ledger.read(search, after) };
    },
    close: async () => (await link?.catch(() => undefined))?.close(),
  };
}
