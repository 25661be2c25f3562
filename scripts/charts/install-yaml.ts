// The charts as one file for kubectl. A certificate that Helm makes would be the same for all who apply the file, and its key
// public: so NATS takes it from a Secret (docs/install.md).
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Helm } from './helm.ts';

const NAMESPACE = 'bionas-system';
const chart = (name: string) => fileURLToPath(new URL(`../../charts/${name}`, import.meta.url));

const VALUES = { nats: { tls: { source: 'secret', secretName: 'bionas-nats-tls' } } };

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: NAMESPACE,
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
  },
};

/** Namespace, definitions, operator and NATS: for `kubectl apply --server-side -f`. */
export async function installYaml(helm: Helm): Promise<string> {
  const flags = ['--namespace', NAMESPACE, '--skip-tests', '--values', '-'];
  const render = (name: string, values: object) =>
    helm(['template', name, chart(name), ...flags], JSON.stringify(values));
  const parts = [await render('bionas-crds', {}), await render('bionas', VALUES)];
  return `${stringify(namespace)}${parts.join('')}`;
}
