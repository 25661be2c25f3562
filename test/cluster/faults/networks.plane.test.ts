// The network between the operator and its servers fails while a search runs: cut, held up, throttled. What was held up arrives
// late, on connections that the operator may have given up.
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../operator/runtime/eventually.ts';
import { Gate, kubeconfigWith, makeNamespace, slowDown, speedUp } from '../harness/index.ts';
import { compact } from '../kubernetes-adapter/gadgets.ts';
import { FaultWorld, type FaultWorldOptions } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 13);
const LONG = { timeout: 300_000 };
/** Longer than the deadline of a request. */
const PARTED_MS = 12_000;

async function worldBehind(routes: FaultWorldOptions['routes']): Promise<FaultWorld> {
  const world = await FaultWorld.start({ seed: SEED, ...(routes && { routes }) });
  onTestFinished(() => world[Symbol.asyncDispose]());
  return world;
}

const TURNED_AWAY = /bionas_kubernetes_requests_total\{.*code="429".*\} \d/;
const metricsOf = async ({ operator }: FaultWorld): Promise<string> =>
  (await fetch(`${operator.healthUrl}/metrics`)).text();

async function gateTo(port: number): Promise<Gate> {
  const gate = await Gate.to(port);
  onTestFinished(() => gate[Symbol.asyncDispose]());
  return gate;
}

test(
  'the ways to the API server and to NATS fail, together and alone, and etcd forgets meanwhile',
  LONG,
  async () => {
    let gates: readonly [api: Gate, broker: Gate] | undefined;
    const world = await worldBehind(async ({ plane, nats }) => {
      const [api, broker] = [await gateTo(plane.port), await gateTo(nats.port)];
      gates = [api, broker];
      const kubeconfig = await kubeconfigWith(plane.kubeconfig, [[plane.server, api.server]]);
      return { kubeconfig, nats: `nats://127.0.0.1:${broker.port}` };
    });
    const [api, broker] = gates ?? [];
    const wish = { name: 'apart', trials: 60, parallelism: 6 };
    await world.room.apply(wish);

    const failures = [
      { ways: [api], fail: (way?: Gate) => way?.holdUp(), forMs: PARTED_MS },
      { ways: [api], fail: (way?: Gate) => way?.cut(), forMs: 3_000 },
      { ways: [broker], fail: (way?: Gate) => way?.holdUp(), forMs: PARTED_MS },
      { ways: [api, broker], fail: (way?: Gate) => way?.cut(), forMs: 2_000 },
    ];
    for (const [i, { ways, fail, forMs }] of failures.entries()) {
      await world.reached('apart', 8 * (i + 1));
      for (const way of ways) fail(way);
      await compact(world.cluster.plane.etcdUrl);
      await world.pause(forMs);
      for (const way of ways) way?.open();
    }
    await world.expectExact(wish, 120_000);
    world.expectOnePodEach();
    expect(world.operator.running).toBe(true);
    await world.expectNothingLeft('apart');
  },
);

test(
  'a server that turns it away again and again delays a search and changes nothing',
  LONG,
  async () => {
    let account = '';
    const world = await worldBehind(async ({ plane: { kubectl, kubeconfig, token } }) => {
      account = await makeNamespace(kubectl);
      const binding = ['create', 'clusterrolebinding', account, '--clusterrole=cluster-admin'];
      await kubectl([...binding, `--serviceaccount=${account}:default`]);
      const own = await kubectl(['-n', account, 'create', 'token', 'default']);
      return { kubeconfig: await kubeconfigWith(kubeconfig, [[token, own.trim()]]) };
    });
    const { kubectl } = world.cluster.plane;
    const wish = { name: 'throttled', trials: 60, parallelism: 20 };
    await world.room.apply(wish);
    for (const done of [5, 20, 35]) {
      await world.reached('throttled', done);
      await slowDown(kubectl, account, { shares: 0 });
      await eventually(async () => expect(await metricsOf(world)).toMatch(TURNED_AWAY), 20_000);
      await world.pause(3_000);
      await speedUp(kubectl, account);
    }
    await world.expectExact(wish, 120_000);
    world.expectOnePodEach();
    await world.expectNothingLeft('throttled');
  },
);
