// Who asks a real API server: strangers, service accounts with a role, and those whom the server slows down.
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { UnauthorizedError } from '../../../operator/adapters/kubernetes/index.ts';
import {
  ForbiddenError,
  type KubernetesObject,
  type ObjectKind,
} from '../../../operator/runtime/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import {
  kubeconfigWith,
  makeNamespace,
  sharedCluster,
  slowDown,
  speedUp,
} from '../harness/index.ts';
import { type Connected, connect, serveGadgets } from './gadgets.ts';

const cluster = sharedCluster();
const { kubectl } = cluster;
const CONFIG_MAPS: ObjectKind<KubernetesObject & { data?: Record<string, string> }> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
const mapOf = (name: string, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: 'b' },
});

let namespace: string;
beforeAll(async () => {
  await serveGadgets(kubectl);
  namespace = await makeNamespace(kubectl);
  await kubectl(['-n', namespace, 'create', 'role', 'maps', '--verb=*', '--resource=configmaps']);
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl(['-n', namespace, 'create', 'rolebinding', 'maps', '--role=maps', subject]);
});

async function asToken(
  token: string,
  options: Parameters<typeof connect>[1] = {},
): Promise<Connected> {
  const file = await kubeconfigWith(cluster.kubeconfig, [[cluster.token, token]]);
  const connected = connect(file, options);
  onTestFinished(() => connected.clients.close());
  return connected;
}

/** The default service account of the namespace, as soon as its role holds. */
async function asServiceAccount(options: Parameters<typeof connect>[1] = {}): Promise<Connected> {
  const token = await kubectl(['-n', namespace, 'create', 'token', 'default']);
  const connected = await asToken(token.trim(), options);
  await eventually(() => connected.clients.of(CONFIG_MAPS).list({ namespace }));
  return connected;
}

test('nobody knows a made-up token', async () => {
  const stranger = await asToken('made-up');
  await expect(stranger.client.list()).rejects.toThrow(UnauthorizedError);
});

test('a service account may what its role says, and is told what it may not', async () => {
  const { clients, client } = await asServiceAccount();
  const made = await clients.of(CONFIG_MAPS).create(mapOf('m', namespace));
  expect(made).toMatchObject(mapOf('m', namespace));
  const { items } = await clients.of(CONFIG_MAPS).list({ namespace });
  expect(items).toContainEqual(made);
  await expect(client.list({ namespace })).rejects.toThrow(ForbiddenError);
  await expect(client.list({ namespace })).rejects.toThrow(/cannot list resource "gadgets"/);
});

test('whom the server turns away for coming too often gets everything done all the same', async () => {
  await slowDown(kubectl, namespace);
  onTestFinished(() => speedUp(kubectl, namespace));
  const { clients, counts } = await asServiceAccount({
    deadlineMs: 60_000,
    qps: 10_000,
    burst: 10_000,
  });
  const maps = clients.of(CONFIG_MAPS);
  const names = Array.from({ length: 200 }, (_, i) => `crowd-${i}`);
  await Promise.all(names.map((name) => maps.create(mapOf(name, namespace))));
  expect(counts.get('kubernetes_requests_total create ConfigMap 429')).toBeGreaterThan(0);
  expect(counts.get('kubernetes_requests_total create ConfigMap 201')).toBe(200);
});
