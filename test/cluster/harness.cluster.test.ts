// The cluster of tests itself: that it is what it says, that what is killed comes back, and that nothing outlives its owner.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startControlPlane, startNats } from '../../scripts/cluster/index.ts';
import { kubernetesProgram, natsServer } from '../../scripts/cluster/programs.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { makeNamespace, sharedCluster } from './harness/index.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe('the shared cluster', () => {
  const { kubectl, fakeNodes, natsUrl } = sharedCluster();

  test('is ready and serves our kinds', async () => {
    expect(await kubectl(['get', '--raw', '/readyz'])).toBe('ok');
    const established = '{.items[*].status.conditions[?(@.type=="Established")].status}';
    expect(await kubectl(['get', 'crds', '-o', `jsonpath=${established}`])).toBe('True True');
  });

  test('has fake nodes with eight GPUs each', async () => {
    const gpus = '{range .items[*]}{.metadata.name}={.status.allocatable.nvidia\\.com/gpu} {end}';
    const nodes = await kubectl(['get', 'nodes', '-l', 'type=kwok', '-o', `jsonpath=${gpus}`]);
    expect(nodes.trim().split(' ')).toEqual(fakeNodes.map((name) => `${name}=8`));
  });

  test.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['succeeds', {}, { exitCode: 0, reason: 'Completed' }],
    [
      'fails as it is told',
      { 'exit-code': '137', reason: 'OOMKilled', message: 'too big' },
      { exitCode: 137, reason: 'OOMKilled', message: 'too big' },
    ],
  ])('runs a Pod that %s', async (_story, said, terminated) => {
    const namespace = await makeNamespace(kubectl);
    await kubectl(['create', '-n', namespace, '-f', '-'], JSON.stringify(fakePod(said)));
    const ended = await eventually(async () => {
      const pod = JSON.parse(await kubectl(['get', 'pod', 'p', '-n', namespace, '-o', 'json']));
      expect(pod.status.phase).toMatch(/Succeeded|Failed/);
      return pod;
    }, 60_000);
    expect(fakeNodes).toContain(ended.spec.nodeName);
    expect(ended.status.phase).toBe(terminated['exitCode'] === 0 ? 'Succeeded' : 'Failed');
    expect(ended.status.containerStatuses[0].state.terminated).toMatchObject(terminated);
  });

  test('lets a Pod run until it is told to end', async () => {
    const namespace = await makeNamespace(kubectl);
    const pod = (...args: string[]) => kubectl(['-n', namespace, ...args]);
    const create = JSON.stringify(fakePod({ 'runs-for': 'told' }));
    await kubectl(['create', '-n', namespace, '-f', '-'], create);
    await pod('wait', 'pod/p', '--for=jsonpath={.status.phase}=Running', '--timeout=60s');
    await pod('annotate', 'pod/p', 'fake.bionas.dev/runs-for=0s', '--overwrite');
    await pod('wait', 'pod/p', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s');
    await pod('delete', 'pod/p', '--timeout=60s');
  });

  test('has NATS with JetStream', async () => {
    const connection = await connect({ servers: natsUrl });
    // Refused where there is no JetStream.
    const account = await (await jetstreamManager(connection)).getAccountInfo();
    expect(account.streams).toBeGreaterThanOrEqual(0);
    await connection.close();
  });
});

test('an API server that is killed comes back on its port with what it knew', async () => {
  await using plane = await startControlPlane({ parts: ['etcd', 'kube-apiserver'] });
  await plane.kubectl(['create', 'configmap', 'kept', '--from-literal=a=b']);
  const { etcd, 'kube-apiserver': killed } = plane.pids;
  await plane.killApiserver();
  expect(await plane.isReady()).toBe(false);
  await plane.restartApiserver();
  expect(plane.pids.etcd).toBe(etcd);
  expect(plane.pids['kube-apiserver']).not.toBe(killed);
  const kept = await plane.kubectl(['get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}']);
  expect(kept).toBe('b');
});

test.each([
  ['comes back with its streams', true, 1],
  ['comes back without them where its disk is lost', false, 0],
])('NATS that is killed %s', async (_story, keepDisk, streams) => {
  await using nats = await startNats();
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  onTestFinished(() => connection.close());
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
  await nats.kill();
  await nats.restart({ keepDisk });
  const account = await eventually(() => manager.getAccountInfo(), 30_000);
  expect(account.streams).toBe(streams);
});

test('what is stopped leaves no process, no port and no folder', async () => {
  const plane = await startControlPlane({ parts: ['etcd', 'kube-apiserver'] });
  const nats = await startNats();
  const left = traces([plane, nats], [...Object.values(plane.pids), nats.pid ?? 0]);
  expect(await left()).toHaveLength(7);
  await plane.stop();
  await nats.stop();
  expect(await left()).toEqual([]);
});

test('what a killed process had started goes with it', async () => {
  const owner = spawn(process.execPath, [here('harness/owner.ts')]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [said] = await once(owner.stdout, 'data');
  const { plane, nats, pids } = JSON.parse(String(said));
  const left = traces([plane, nats], pids);
  expect(await left()).toHaveLength(7);
  owner.kill('SIGKILL');
  await eventually(async () => expect(await left()).toEqual([]), 30_000);
});

test('make cluster keeps one cluster until make cluster-down', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'bionas-cache-'));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  await mkdir(join(cache, 'bionas'));
  await symlink(dirname(await natsServer()), join(cache, 'bionas', 'nats-server'));
  const start = (command: string) => {
    const env = {
      ...process.env,
      XDG_CACHE_HOME: cache,
      KUBEBUILDER_ASSETS: dirname(kubernetesProgram('kwok')),
    };
    return spawn(process.execPath, [here('../../scripts/cluster/main.ts'), command], { env });
  };
  const main = async (command: string) => {
    const { stdout, stderr } = start(command);
    const [out, err] = await Promise.all([text(stdout), text(stderr)]);
    return { out, err };
  };
  expect((await main('operator')).err).toContain('no cluster is running: make cluster starts one');
  const { out } = await main('up');
  onTestFinished(() => main('down').then(() => {}));
  const [, kubeconfig = ''] = /^export KUBECONFIG=(.*)\nexport NATS_URL=nats:.*\n/.exec(out) ?? [];
  expect(existsSync(kubeconfig)).toBe(true);
  expect((await main('up')).out).toBe(out);
  const operator = start('operator');
  let said = '';
  operator.stdout.on('data', (chunk) => (said += chunk));
  await eventually(() => expect(said).toContain('"message":"Informers synced"'), 20_000);
  operator.kill('SIGTERM');
  expect(await once(operator, 'exit')).toEqual([0, null]);
  expect((await main('down')).err).toContain('the cluster is gone');
  expect((await main('down')).err).toContain('no cluster is running');
});

/** `said` are the annotations that kwok-stages.yaml reads. */
function fakePod(said: Record<string, string>) {
  const annotations = Object.entries(said).map(([name, value]) => [
    `fake.bionas.dev/${name}`,
    value,
  ]);
  const container = { name: 'c', image: 'fake', resources: { limits: { 'nvidia.com/gpu': 1 } } };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'p', annotations: Object.fromEntries(annotations) },
    spec: {
      restartPolicy: 'Never',
      tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
      containers: [container],
    },
  };
}

interface Place {
  readonly port: number;
  readonly directory: string;
}

/** Tells what is still there of processes, ports and folders. */
function traces(places: readonly Place[], pids: readonly number[]): () => Promise<string[]> {
  return async () => {
    const ports = await Promise.all(
      places.map(async ({ port }) => ((await answers(port)) ? [`port ${port}`] : [])),
    );
    return [
      ...pids.filter(isAlive).map((pid) => `process ${pid}`),
      ...ports.flat(),
      ...places.filter(({ directory }) => existsSync(directory)).map(({ directory }) => directory),
    ];
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connectTcp(port, '127.0.0.1');
  const answer = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answer;
}

/** A zombie, which waits for its parent only, is not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
