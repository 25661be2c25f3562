// Gadgets on a real API server: their CustomResourceDefinition, clients of them, and what an API server must be told to forget.
import {
  createKubernetesClients,
  type KubernetesClients,
  type KubernetesClientsOptions,
  loadKubeConfig,
} from '../../../operator/adapters/kubernetes/index.ts';
import { type Metrics, systemClock } from '../../../operator/runtime/index.ts';
import type { Kubectl } from '../../../scripts/cluster/index.ts';
import { GADGET } from '../../cases/object-client.cases.ts';

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const [group, version] = GADGET.apiVersion.split('/');
const NAME = `${GADGET.plural}.${group}`;
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: GADGET.kind, plural: GADGET.plural, singular: 'gadget' },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } },
        },
      },
    ],
  },
};

/** Any object is a Gadget; its status is a subresource. */
export async function serveGadgets(kubectl: Kubectl): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify(DEFINITION));
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', `crd/${NAME}`]);
}

type Options = Partial<KubernetesClientsOptions> & { readonly file?: string };

export interface Connected extends AsyncDisposable {
  readonly clients: KubernetesClients;
  readonly client: ReturnType<typeof gadgetsOf>;
  /** How often `name{values of its labels}` was counted. */
  readonly counts: ReadonlyMap<string, number>;
}

const gadgetsOf = (clients: KubernetesClients) => clients.of(GADGET);

/** Clients of whom the kubeconfig names. */
export function connect(file: string, options: Options = {}): Connected {
  const counts = new Map<string, number>();
  const metrics: Metrics = {
    count(name, labels = {}, by = 1) {
      const key = [name, ...Object.values(labels)].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    gauge() {},
    observe() {},
  };
  const clients = createKubernetesClients({
    kubeConfig: loadKubeConfig({ file }),
    product: { name: 'bionas-operator', version: '1.2.3' },
    clock: systemClock,
    random: Math.random,
    metrics,
    ...options,
  });
  return {
    clients,
    client: gadgetsOf(clients),
    counts,
    [Symbol.asyncDispose]: () => clients.close(),
  };
}

/** Makes etcd forget everything before now. An API server that starts after that does not know it either. */
export async function compact(etcdUrl: string): Promise<void> {
  const ask = async (path: string, body: object): Promise<{ header: { revision: string } }> => {
    const answer = await fetch(`${etcdUrl}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`etcd ${path}: ${await answer.text()}`);
    return (await answer.json()) as { header: { revision: string } };
  };
  const { header } = await ask('range', { key: 'AA==', limit: 1 });
  await ask('compaction', { revision: header.revision, physical: true });
}
