// The client of a real API server: the cases of every object client, what others wrote beside us, and what a server refuses.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Trial } from '../../../crds/index.ts';
import { TRIALS } from '../../../operator/reconcilers/index.ts';
import {
  ConflictError,
  controllerReference,
  InvalidError,
  keyOf,
  NotFoundError,
  type ObjectKind,
} from '../../../operator/runtime/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { gadget, objectClientCases } from '../../cases/object-client.cases.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { type Connected, connect, serveGadgets } from './gadgets.ts';

const cluster = sharedCluster();
const { kubectl } = cluster;
let admin: Connected;
let namespace: string;
beforeAll(async () => {
  await serveGadgets(kubectl);
  admin = connect(cluster.kubeconfig);
  namespace = await makeNamespace(kubectl);
  await collectorKnowsGadgets();
}, 180_000);
afterAll(() => admin.clients.close());

/** The garbage collector looks for new kinds every half a minute. */
async function collectorKnowsGadgets(): Promise<void> {
  const { client } = admin;
  const parent = await client.create(gadget('first-parent', namespace));
  const ownerReferences = [controllerReference(parent)];
  const child = await client.create(gadget('first-child', namespace, { ownerReferences }));
  await client.delete(keyOf(parent));
  await eventually(() => expect(client.get(keyOf(child))).rejects.toThrow(NotFoundError), 120_000);
}

describe('a real API server behind the adapter is an object client:', () => {
  objectClientCases(async () => ({
    client: admin.client,
    namespace: await makeNamespace(kubectl),
    close: async () => {},
  }));
});

describe('what others wrote stays', () => {
  const on = (...args: string[]) => kubectl(['-n', namespace, ...args]);

  test('through all our writes: labels, annotations, finalizers, fields that we do not know', async () => {
    const { client } = admin;
    const key = { namespace, name: 'shared' };
    await client.create(gadget('shared', namespace, { labels: { ours: '1' } }));
    await on('label', 'gadget/shared', 'theirs=1');
    await on('annotate', 'gadget/shared', 'their.dev/note=keep');
    const theirs = { spec: { future: { of: ['v2'] } }, metadata: { finalizers: ['their.dev/f'] } };
    await on('patch', 'gadget/shared', '--type=merge', '-p', JSON.stringify(theirs));
    const news = JSON.stringify({ status: { future: 'v2' } });
    await on('patch', 'gadget/shared', '--subresource=status', '--type=merge', '-p', news);

    await client.patch(key, { spec: { size: 2 }, metadata: { labels: { ours: '2' } } });
    await client.patchStatus(key, { seen: 1 });
    await client.patch(key, { metadata: { labels: { ours: null } } });
    await client.patchStatus(key, { seen: 2, phase: 'New' });

    const after = await client.get(key);
    expect(after.metadata).toMatchObject({
      labels: { theirs: '1' },
      annotations: { 'their.dev/note': 'keep' },
      finalizers: ['their.dev/f'],
    });
    expect(after.spec).toEqual({ size: 2, future: { of: ['v2'] } });
    expect(after.status).toEqual({ seen: 2, phase: 'New', future: 'v2' });
    await on('patch', 'gadget/shared', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  });

  test('on a Trial, and the server notes who wrote what', async () => {
    const manifest = Trial.parse(makeTrialManifest());
    const metadata = { name: 'noted', namespace };
    const trials = admin.clients.of(TRIALS);
    await trials.create({ ...manifest, metadata });
    await on('label', 'trial/noted', 'kueue.x-k8s.io/queue-name=night');
    const changed = await trials.patchStatus(metadata, { attempt: 1, retries: 0 });
    expect(changed.metadata.labels).toEqual({ 'kueue.x-k8s.io/queue-name': 'night' });
    const { metadata: shown } = JSON.parse(
      await on('get', 'trial/noted', '-o', 'json', '--show-managed-fields'),
    );
    const writers = shown.managedFields.map((field: Record<string, string>) =>
      [field['manager'], field['operation'], field['subresource']].join(' ').trim(),
    );
    expect(writers.sort()).toEqual([
      'bionas-operator Update',
      'bionas-operator Update status',
      'kubectl-label Update',
    ]);
  });
});

describe('a server refuses', () => {
  test('an object that breaks its schema, naming the field', async () => {
    const manifest = Trial.parse(makeTrialManifest());
    const broken = { ...manifest, spec: { ...manifest.spec, index: -1 } };
    const write = admin.clients
      .of(TRIALS)
      .create({ ...broken, metadata: { name: 'b', namespace } });
    await expect(write).rejects.toThrow(InvalidError);
    await expect(write).rejects.toThrow(/POST .*trials.*spec\.index/s);
  });

  test.each([
    ['its store', 1600],
    ['the way to its store', 2100],
    ['itself', 3200],
  ])('an object too large for %s, for good', async (_, kib) => {
    const note = 'x'.repeat(kib * 1024);
    const write = admin.client.create({ ...gadget('big', namespace), spec: { size: 1, note } });
    await expect(write).rejects.toThrow(InvalidError);
  });

  test('what it does not serve, and says what may be missing', async () => {
    const kind: ObjectKind = {
      apiVersion: 'none.dev/v1',
      kind: 'None',
      plural: 'nones',
      namespaced: true,
    };
    await expect(admin.clients.of(kind).list()).rejects.toThrow(/CustomResourceDefinition/);
  });

  test('a status for an object that another has replaced, however recent', async () => {
    const { client } = admin;
    const first = await client.create(gadget('replaced', namespace));
    await client.delete(keyOf(first));
    const second = await client.create(gadget('replaced', namespace));
    const { uid } = first.metadata;
    const write = client.patchStatus(keyOf(first), { seen: 1 }, { uid });
    await expect(write).rejects.toThrow(ConflictError);
    await client.patchStatus(keyOf(second), { seen: 2 }, { uid: second.metadata.uid });
    expect((await client.get(keyOf(second))).status).toEqual({ seen: 2 });
  });
});
