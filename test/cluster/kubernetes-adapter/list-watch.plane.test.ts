// Lists and watches of a real API server, and the informer through everything that can happen to it: killed, cut off, frozen,
// restarted without its memory. After each the informer knows exactly what the server does.
import { channel } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Informer, silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { type ControlPlane, startControlPlane } from '../../../scripts/cluster/index.ts';
import { GADGET, type Gadget, gadget } from '../../cases/object-client.cases.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { Gate, kubeconfigWith } from '../harness/index.ts';
import { type Connected, compact, connect, serveGadgets } from './gadgets.ts';

let plane: ControlPlane;
let direct: Connected;
beforeAll(async () => {
  plane = await startControlPlane({ parts: ['etcd', 'kube-apiserver'] });
  await serveGadgets(plane.kubectl);
  direct = connect(plane.kubeconfig, { qps: 10_000, burst: 10_000 });
}, 300_000);
afterAll(async () => {
  await direct?.clients.close();
  await plane?.stop();
}, 60_000);

let rooms = 0;
async function makeRoom(): Promise<string> {
  const name = `room-${rooms++}`;
  await plane.kubectl(['create', 'namespace', name]);
  return name;
}

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const make = (namespace: string, names: readonly string[]) =>
  Promise.all(names.map((name) => direct.client.create(gadget(name, namespace))));
const remove = (namespace: string, names: readonly string[]) =>
  Promise.all(names.map((name) => direct.client.delete({ namespace, name })));
const grow = (namespace: string, names: readonly string[]) =>
  Promise.all(names.map((name) => direct.client.patch({ namespace, name }, { spec: { size: 2 } })));

const through = ({ server }: Gate) => kubeconfigWith(plane.kubeconfig, [[plane.server, server]]);

/** An informer of a room that is told about; `knowsAll` waits until it knows what the server does. */
function inform({ client }: Connected, namespace: string) {
  const stop = new AbortController();
  const informer = new Informer<Gadget>({
    kind: GADGET,
    reader: client,
    clock: systemClock,
    logger: silentLogger,
    random: Math.random,
    namespace,
  });
  const told = { added: [] as string[], modified: [] as string[], deleted: [] as string[] };
  informer.addHandler(({ type, object }) => told[type].push(object.metadata.name));
  const running = informer.run(stop.signal);
  const versions = (objects: readonly Gadget[]) =>
    objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).sort();
  return {
    told,
    synced: () => informer.synced(),
    knowsAll: () =>
      eventually(async () => {
        const { items } = await direct.client.list({ namespace });
        expect(versions(informer.cache.list())).toEqual(versions(items));
      }, 60_000),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

test('1,200 objects come in three pages, as one list', async () => {
  const namespace = await makeRoom();
  for (let i = 0; i < 12; i += 1) await make(namespace, named(`g${i}`, 100));
  await using pages = connect(plane.kubeconfig);
  const { items, resourceVersion } = await pages.client.list({ namespace });
  expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(1200);
  expect(pages.counts.get('kubernetes_requests_total list Gadget 200')).toBe(3);
  const whole = await connect(plane.kubeconfig, { pageSize: 5000 }).client.list({ namespace });
  expect(items).toEqual(whole.items);
  expect(Number(whole.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion));
});

test('1,000 calls one after the other take one or two connections', async () => {
  const namespace = await makeRoom();
  const name = 'a';
  let made = 0;
  const count = () => {
    made += 1;
  };
  channel('undici:client:connected').subscribe(count);
  await using reader = connect(plane.kubeconfig, { qps: 10_000 });
  for (let i = 0; i < 200; i += 1) {
    await reader.client.create(gadget(name, namespace));
    await reader.client.get({ namespace, name });
    await reader.client.patch({ namespace, name }, { spec: { size: 2 } });
    await reader.client.patchStatus({ namespace, name }, { seen: 1 });
    await reader.client.delete({ namespace, name });
  }
  channel('undici:client:connected').unsubscribe(count);
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThanOrEqual(2);
});

test('a bookmark moves a watch on that has no events of its own', async () => {
  const [quiet, busy] = [await makeRoom(), await makeRoom()];
  // Two seconds before it ends a watch, a server sends a bookmark; a busy one leaves it out at times.
  await using watcher = connect(plane.kubeconfig, { watchSeconds: 6 });
  const { resourceVersion } = await watcher.client.list({ namespace: quiet });
  const bookmarks: string[] = [];
  const { signal } = new AbortController();
  const watch = async () => {
    for await (const event of watcher.client.watch({ namespace: quiet, resourceVersion, signal })) {
      if (event.type === 'BOOKMARK') bookmarks.push(event.resourceVersion);
    }
  };
  const first = watch();
  await eventually(() => expect(watcher.counts.size).toBe(1));
  const made = await make(busy, named('g', 20));
  await first;
  expect(watcher.counts.get('kubernetes_watches_ended_total Gadget server')).toBe(1);
  while (bookmarks.length === 0) await watch();
  const last = Math.max(...made.map(({ metadata }) => Number(metadata.resourceVersion)));
  expect(Number(bookmarks.at(-1))).toBeGreaterThanOrEqual(last);
});

test('an informer survives an API server that is killed and comes back', async () => {
  const namespace = await makeRoom();
  await make(namespace, named('g', 30));
  await using one = inform(direct, namespace);
  await one.synced();
  await plane.killApiserver();
  await plane.restartApiserver();
  await remove(namespace, named('g', 10));
  await grow(namespace, ['g-20', 'g-21']);
  await make(namespace, named('new', 10));
  await one.knowsAll();
  expect(one.told.added.sort()).toEqual([...named('g', 30), ...named('new', 10)].sort());
  expect(one.told.deleted.sort()).toEqual(named('g', 10).sort());
  expect(one.told.modified.sort()).toEqual(['g-20', 'g-21']);
});

test('an informer that was cut off while the server forgot lists again, and misses nothing', async () => {
  const namespace = await makeRoom();
  await using gate = await Gate.to(plane.port);
  await using beyond = connect(await through(gate));
  await make(namespace, named('g', 30));
  await using one = inform(beyond, namespace);
  await one.synced();
  gate.cut();
  await remove(namespace, named('g', 10));
  await make(namespace, [...named('new', 10), ...named('brief', 5)]);
  await remove(namespace, named('brief', 5));
  await compact(plane.etcdUrl);
  await plane.restartApiserver();
  await grow(namespace, ['g-20', 'g-21']);
  gate.open();
  await one.knowsAll();
  expect(beyond.counts.get('kubernetes_watches_ended_total Gadget gone')).toBe(1);
  expect(one.told.deleted.sort()).toEqual(named('g', 10).sort());
  expect(one.told.added.sort()).toEqual([...named('g', 30), ...named('new', 10)].sort());
});

test('an informer notices a network that is gone without a word, and goes on from where it was', async () => {
  const namespace = await makeRoom();
  await using gate = await Gate.to(plane.port);
  const file = await through(gate);
  await using beyond = connect(file, { watchSilenceMs: 1500, deadlineMs: 2000 });
  await make(namespace, named('g', 3));
  await using one = inform(beyond, namespace);
  await one.synced();
  await eventually(() =>
    expect(beyond.counts.get('kubernetes_requests_total watch Gadget 200')).toBe(1),
  );
  gate.freeze();
  await make(namespace, named('unseen', 3));
  await eventually(() =>
    expect(beyond.counts.get('kubernetes_watches_ended_total Gadget silent')).toBe(1),
  );
  expect(one.told.added.sort()).toEqual(named('g', 3));
  gate.open();
  await one.knowsAll();
  expect(beyond.counts.get('kubernetes_requests_total list Gadget 200')).toBe(1);
});
