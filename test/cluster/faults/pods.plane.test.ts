// Pods that end before their trainers do: deleted by hand, evicted, preempted, lost with their node; and Trials deleted by hand.
// None of it is the trial's fault, so none spends a retry.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pod } from '../../../operator/reconcilers/index.ts';
import { TEMPLATE } from '../search/search-room.ts';
import { FaultWorld } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 14);
const LONG = { timeout: 300_000 };

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start({
    seed: SEED,
    behaviour: { trainMs: (random) => 500 + 1_000 * random.uniform(), lies: 0.2, endsFirst: 0.3 },
  });
});
afterAll(async () => world?.[Symbol.asyncDispose]());

/** A Pod whose trainer trains, drawn from the seed; waits until there is one, but not for a search that has ended by now. */
async function victim(search: string): Promise<Pod | undefined> {
  for (;;) {
    const running = (await world.room.pods()).filter(({ status }) => status?.phase === 'Running');
    if (running.length > 0) return world.random.choice(running);
    if ((await world.room.search(search)).status?.completionTime !== undefined) return undefined;
    await world.pause(50);
  }
}

/** Trials that took more than one Pod. */
async function interrupted(): Promise<number> {
  return (await world.room.trials()).filter(({ status }) => (status?.attempt ?? 0) > 0).length;
}

const remove = async ({ metadata: { name } }: Pod) =>
  void (await world.room.kubectl(['delete', 'pod', name, '--wait=false', '--ignore-not-found']));

/** As `kubectl drain` does. One that ended meanwhile is gone or cannot be evicted. */
async function evict({ metadata: { name } }: Pod): Promise<void> {
  const { namespace } = world.room;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  const metadata = { name, namespace };
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
  await world.room.kubectl(['create', '--raw', path, '-f', '-'], eviction).catch(() => undefined);
}

test.each([
  ['deleted by hand', 'deleted', remove],
  ['evicted', 'evicted', evict],
])('Pods are %s', LONG, async (_story, name, end) => {
  const wish = { name, trials: 24, parallelism: 6 };
  await world.room.apply(wish);
  for (const done of [0, 3, 6, 9, 12, 15]) {
    await world.reached(name, done);
    for (const _twice of [1, 2]) {
      const pod = await victim(name);
      if (pod !== undefined) await end(pod);
    }
  }
  await world.expectExact(wish, 120_000);
  expect(await interrupted()).toBeGreaterThan(0);
  await world.expectNothingLeft(name);
});

test('Pods are preempted by others that are more important', LONG, async () => {
  const metadata = { name: 'urgent' };
  const priority = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata };
  await world.room.kubectl(['create', '-f', '-'], { ...priority, value: 1_000 });
  const wish = { name: 'outranked', trials: 24, parallelism: 6 };
  await world.room.apply(wish);
  await world.reached('outranked', 6);
  for (const node of world.cluster.kwok.nodes)
    await world.room.kubectl(['create', '-f', '-'], wholeNode(`urgent-${node}`));
  await world.reached('outranked', 12);
  await world.room.kubectl(['delete', 'pods', '-l', 'urgent', '--wait=true']);
  await world.expectExact(wish, 120_000);
  expect(await interrupted()).toBeGreaterThan(0);
  await world.expectNothingLeft('outranked');
});

/** A Pod that takes all GPUs of a node for three seconds. */
function wholeNode(name: string) {
  const [container] = TEMPLATE.spec.containers;
  const resources = { limits: { 'nvidia.com/gpu': '8' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { urgent: '' }, annotations: { 'fake.bionas.dev/runs-for': '3s' } },
    spec: {
      ...TEMPLATE.spec,
      restartPolicy: 'Never',
      priorityClassName: 'urgent',
      containers: [{ ...container, resources }],
    },
  };
}

test(
  'Trials are deleted by hand: those that run are made again, those that ended stay recorded',
  LONG,
  async () => {
    const wish = { name: 'by-hand', trials: 24, parallelism: 4 };
    await world.room.apply(wish);
    for (const done of [4, 10, 16]) {
      await world.reached('by-hand', done);
      const trials = await world.room.trials();
      const ended = trials.find(({ status }) => status?.completionTime !== undefined);
      const running = trials.find(({ status }) => status?.completionTime === undefined);
      const names = [ended, running].flatMap((trial) => trial?.metadata.name ?? []);
      await world.room.kubectl(['delete', 'trial', ...names, '--ignore-not-found', '--wait=false']);
    }
    await world.expectExact(wish, 120_000);
    await world.expectNothingLeft('by-hand');
  },
);

test('a node is lost with all that trains on it', LONG, async () => {
  const wish = { name: 'shipwreck', trials: 24, parallelism: 6 };
  await world.room.apply(wish);
  await world.reached('shipwreck', 6);
  const { nodeName = '' } = (await victim('shipwreck'))?.spec ?? {};
  world.trainers.loseNode(nodeName);
  await world.room.kubectl(['delete', 'node', nodeName]);
  // Kubernetes gives the Pods of a node that is gone up within a minute.
  await world.expectExact(wish, 180_000);
  expect(await interrupted()).toBeGreaterThan(0);
  await world.expectNothingLeft('shipwreck');
});
