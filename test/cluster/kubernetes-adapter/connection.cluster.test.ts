// The way to a real API server: a CA that rotates, a proxy in between, and a fence that holds back a write that came too late.
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect as tcp } from 'node:net';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { TransportError } from '../../../operator/adapters/kubernetes/index.ts';
import { type Clock, systemClock } from '../../../operator/runtime/index.ts';
import { gadget } from '../../cases/object-client.cases.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { Gate, kubeconfigWith, makeNamespace, sharedCluster } from '../harness/index.ts';
import { connect, serveGadgets } from './gadgets.ts';

const cluster = sharedCluster();
const { kubectl, kubeconfig, server } = cluster;
beforeAll(() => serveGadgets(kubectl), 180_000);

test('a certificate authority that changes on disk is followed', async () => {
  const file = await kubeconfigWith(kubeconfig, [[cluster.authority, 'authority.pem']]);
  const authority = join(dirname(file), 'authority.pem');
  await writeFile(authority, rootCertificates[0] ?? '');
  let skipped = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + skipped };
  await using rotating = connect(file, { clock });
  await expect(rotating.client.list()).rejects.toThrow(TransportError);
  await copyFile(cluster.authority, authority);
  await expect(rotating.client.list()).rejects.toThrow(/certificate/);
  skipped = 60_000;
  expect(await rotating.client.list()).toHaveProperty('items');
});

test('a proxy that the kubeconfig names is gone through', async () => {
  const namespace = await makeNamespace(kubectl);
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, near) => {
    asked.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const far = tcp(Number(port), hostname, () => {
      near.write('HTTP/1.1 200 Connected\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const changes = [
    [`server: ${server}`, `server: ${server}\n      proxy-url: ${address}`],
  ] as const;
  await using proxied = connect(await kubeconfigWith(kubeconfig, changes));
  await proxied.client.create(gadget('far', namespace));
  const { items } = await proxied.client.list({ namespace });
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['far']);
  expect(new Set(asked)).toEqual(new Set([new URL(server).host]));
});

test('a leader that waited for its connection, and is none any more, writes nothing', async () => {
  const namespace = await makeNamespace(kubectl);
  await using gate = await Gate.to(Number(new URL(server).port));
  class NotLeaderError extends Error {}
  let leads = true;
  const beforeWrite = () => {
    if (!leads) throw new NotLeaderError();
  };
  const file = await kubeconfigWith(kubeconfig, [[server, gate.server]]);
  await using leader = connect(file, { beforeWrite });
  gate.holdUp();
  const late = leader.client.create(gadget('late', namespace));
  const refused = expect(late).rejects.toThrow(NotLeaderError);
  await eventually(() => expect(gate.connections).toBe(1));
  leads = false;
  gate.open();
  await refused;
  expect((await leader.client.list({ namespace })).items).toEqual([]);
  leads = true;
  expect(await leader.client.create(gadget('now', namespace))).toHaveProperty('metadata.uid');
});
