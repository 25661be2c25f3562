// Two replicas: one leads, the other waits warm. The leader ends well, dies, and is paused for longer than its lease.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  type Cluster,
  type OperatorProcess,
  startCluster,
  startOperator,
} from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

let cluster: Cluster;
let replicas: OperatorProcess[];

beforeEach(async () => {
  cluster = await startCluster({ fakeNodes: 0 });
  const flags = ['--duplicate-window=10m', '--reports-max-age=24h'];
  const way = { kubeconfig: cluster.plane.kubeconfig, nats: cluster.nats.url, flags };
  replicas = [await startOperator(way)];
  await leads(0);
  replicas.push(await startOperator(way));
});

afterEach(async () => {
  for (const replica of replicas ?? []) await replica.stop();
  await cluster?.stop();
});

const said = (replica: number, text: string) => replicas[replica]?.log.includes(text) ?? false;
const leads = (replica: number, ms?: number) =>
  eventually(() => expect(said(replica, '"message":"Leading"')).toBe(true), ms);

/** A search that nobody but a leader would begin. */
async function begins(name: string, ms: number): Promise<void> {
  const { kubectl } = cluster.plane;
  const spec = {
    searchSpace: { kind: 'nb201' },
    dataset: { name: 'fashion-mnist' },
    budget: { trials: 1 },
  };
  const metadata = { name };
  const search = { apiVersion: 'bionas.dev/v1alpha1', kind: 'BioNASSearch', metadata, spec };
  await kubectl(['apply', '-f', '-'], JSON.stringify(search));
  await eventually(() => kubectl(['get', 'trial', `${name}-0000`]), ms);
}

test('SIGTERM gives the lease back: the other leads within seconds', async () => {
  await begins('before', 10_000);
  expect(await replicas[0]?.terminate()).toBe(0);
  await leads(1, 5_000);
  await begins('after', 10_000);
});

test('the leader makes the streams as its flags say', async () => {
  const nats = await connect({ servers: cluster.nats.url });
  onTestFinished(() => nats.close());
  const { streams } = await jetstreamManager(nats);
  await eventually(async () => {
    const { config } = await streams.info('BIONAS_REPORTS');
    expect(config).toMatchObject({
      duplicate_window: nanos(600_000),
      max_age: nanos(24 * 3_600_000),
    });
  });
});

test('SIGKILL: the other leads within 20 seconds', async () => {
  await replicas[0]?.kill();
  const start = performance.now();
  await leads(1, 20_000);
  expect(performance.now() - start).toBeLessThan(20_000);
  await begins('after', 10_000);
});

test('a leader that was paused past its lease writes nothing when it wakes, and ends', async () => {
  replicas[0]?.signal('SIGSTOP');
  await leads(1, 20_000);
  await begins('meanwhile', 10_000);
  replicas[0]?.signal('SIGCONT');
  await eventually(() => expect(replicas[0]?.running).toBe(false), 20_000);
  expect(said(0, 'LeadershipLostError')).toBe(true);
  const trials = await cluster.plane.kubectl(['get', 'trials', '-o', 'name']);
  expect(trials.trim().split('\n')).toEqual(['trial.bionas.dev/meanwhile-0000']);
});
