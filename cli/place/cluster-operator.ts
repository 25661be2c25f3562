// What a helper would look at of a cluster's operator: its Pods, the ends of their logs, and which definitions are installed.
import type { KubernetesClients } from '../../operator/adapters/kubernetes/index.ts';
import { PODS, type Pod } from '../../operator/reconcilers/index.ts';
import { type KubernetesObject, keyOf, type ObjectKind } from '../../operator/runtime/index.ts';
import type { Evidence, EvidenceOptions } from './place.ts';

/** As the chart labels them, and calls their container. */
const OPERATOR = {
  'app.kubernetes.io/part-of': 'bionas',
  'app.kubernetes.io/component': 'operator',
};
const CONTAINER = 'operator';
const LINES = 5_000;

const DEFINITIONS: ObjectKind<KubernetesObject> = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
const OURS = ['bionassearches.bionas.dev', 'trials.bionas.dev'];

export async function* operatorEvidence(
  clients: KubernetesClients,
  { operatorNamespace: namespace, signal }: EvidenceOptions,
): AsyncGenerator<Evidence> {
  for (const name of OURS)
    yield evidence(`definitions/${name}.yaml`, async () => {
      const { metadata, status } = await clients.of(DEFINITIONS).get({ namespace: '', name });
      const { annotations: _, ...known } = metadata;
      return { metadata: known, status };
    });
  const pods: Pod[] = [];
  yield evidence('operator/pods.yaml', async () => {
    const { items } = await clients.of(PODS).list({ namespace, labels: OPERATOR });
    pods.push(...items);
    if (items.length === 0) throw new Error(`no Pod of the operator in ${namespace}`);
    return items;
  });
  for (const pod of pods)
    yield evidence(`operator/${pod.metadata.name}.log`, async () => {
      const options = { container: CONTAINER, tailLines: LINES, signal };
      const chunks: Uint8Array[] = [];
      for await (const chunk of clients.podLog(keyOf(pod), options)) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    });
}

/** Readers of a namespace may not see all of it. */
async function evidence(name: string, get: () => Promise<unknown>): Promise<Evidence> {
  try {
    return { name, content: await get() };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}
