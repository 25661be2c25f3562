// Definitions under the names of kinds that other operators own (Prometheus', cert-manager), so that an API server takes objects
// of them. They check nothing of what is in one.
import type { Kubectl } from '../../../scripts/cluster/index.ts';

const KINDS = [
  ['monitoring.coreos.com', 'PodMonitor'],
  ['monitoring.coreos.com', 'ServiceMonitor'],
  ['monitoring.coreos.com', 'PrometheusRule'],
  ['cert-manager.io', 'Certificate'],
] as const;

export async function serveStandIns(kubectl: Kubectl): Promise<void> {
  const items = KINDS.map(([group, kind]) => {
    const singular = kind.toLowerCase();
    const plural = `${singular}s`;
    const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const version = {
      name: 'v1',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: schema },
    };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        ...{ group, scope: 'Namespaced', versions: [version] },
        names: { kind, singular, plural, listKind: `${kind}List` },
      },
    };
  });
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(['apply', '--server-side', '-f', '-'], list);
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', '-'], list);
}
