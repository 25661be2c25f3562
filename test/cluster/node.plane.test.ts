// The real node: a kubelet and containerd that run what this machine has, and leave nothing behind. Linux and root only.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Cluster, startCluster } from '../../scripts/cluster/index.ts';
import { hostPodTemplate, nodeObstacle } from '../../scripts/cluster/node/index.ts';
import { kernelSettings } from '../../scripts/cluster/node/kernel-settings.ts';
import { controlGroupOf } from '../../scripts/cluster/node/remains.ts';
import { makeTrialManifest } from '../builders/manifest.ts';
import { realPictures } from '../builders/real-pictures.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { eventually } from '../operator/runtime/eventually.ts';
import { makeNamespace } from './harness/index.ts';

const obstacle = nodeObstacle();
if (obstacle !== undefined) console.warn(`skipped: no real node here: ${obstacle}`);

const OWNER = fileURLToPath(new URL('harness/node-owner.ts', import.meta.url));
const canTrain = realPictures !== undefined && tensorFlow !== undefined;

describe.skipIf(obstacle !== undefined)('a real node', () => {
  let cluster: Cluster;
  let namespace: string;
  beforeAll(async () => {
    cluster = await startCluster({ fakeNodes: 1, realNode: true });
    namespace = await makeNamespace(cluster.plane.kubectl);
  });
  afterAll(() => cluster?.stop());

  const kubectl = (args: readonly string[], input = '') =>
    cluster.plane.kubectl(['-n', namespace, ...args], input);

  /** Runs a Pod to its end, and returns its phase, exit code and log. */
  async function run(name: string, template: ReturnType<typeof hostPodTemplate>) {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, ...template };
    await kubectl(['create', '-f', '-'], JSON.stringify(pod));
    const { status } = await eventually(async () => {
      const now = JSON.parse(await kubectl(['get', 'pod', name, '-o', 'json']));
      expect(now.status.phase).toMatch(/Succeeded|Failed/);
      return now;
    }, 90_000);
    const { exitCode } = status.containerStatuses[0].state.terminated;
    return { phase: status.phase, exitCode, log: await kubectl(['logs', name]) };
  }

  test("runs this machine's Node", async () => {
    const template = hostPodTemplate({ command: [process.execPath, '--version'] });
    const ended = await run('version', template);
    expect(ended).toEqual({ phase: 'Succeeded', exitCode: 0, log: `${process.version}\n` });
  });

  test('tells how a Pod failed', async () => {
    const command = [process.execPath, '-e', 'console.log("no"); process.exit(3)'];
    const ended = await run('fails', hostPodTemplate({ command }));
    expect(ended).toEqual({ phase: 'Failed', exitCode: 3, log: 'no\n' });
  });

  test('mounts nothing that a Pod could write to', async () => {
    const probe = `try { fs.writeFileSync(${JSON.stringify(OWNER)}, '') } catch (e) { console.log(e.code) }`;
    const ended = await run(
      'writes',
      hostPodTemplate({ command: [process.execPath, '-e', probe] }),
    );
    expect(ended.log).toBe('EROFS\n');
  });

  test('lets people look into a running Pod', async () => {
    const wait = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
    const pod = { ...hostPodTemplate({ command: wait }), metadata: { name: 'waits' } };
    await kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod }));
    await kubectl(['wait', 'pod/waits', '--for=condition=Ready', '--timeout=60s']);
    const said = await kubectl(['exec', 'waits', '--', process.execPath, '-p', '6*7']);
    expect(said).toBe('42\n');
  });

  test.skipIf(!canTrain)('trains a network', async () => {
    const trial = makeTrialManifest({ dataset: realPictures, fidelity: { epochs: 1 } });
    const metadata = { name: 'night-0', namespace, uid: 'night-0-uid' };
    const env = { BIONAS_TRIAL: JSON.stringify({ ...trial, metadata }), BIONAS_THREADS: '1' };
    const path = realPictures?.['path'];
    const template = hostPodTemplate({ env, reads: typeof path === 'string' ? [path] : [] });
    const ended = await run('trains', template);
    expect(ended).toMatchObject({ phase: 'Succeeded', exitCode: 0 });
    expect(ended.log).toContain('"kind":"result"');
  });
});

test.skipIf(obstacle !== undefined)('a real node goes with its owner', async () => {
  const before = outside();
  const owner = spawn(process.execPath, [OWNER]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [said] = await once(owner.stdout, 'data');
  const directory = String(said).trim();
  expect(remainsOf(directory)).not.toEqual([]);
  owner.kill('SIGKILL');
  await eventually(() => expect(remainsOf(directory)).toEqual([]), 60_000);
  await eventually(() => expect(outside()).toEqual(before), 20_000);
});

/** What a node's parts may leave at places that nobody can choose. */
function outside(): string[] {
  const folders = ['/run/containerd/s', '/run/containerd/runc/k8s.io', '/var/lib/cni/results'];
  const files = [...folders, '/var/log/containers', '/var/lib/kubelet', '/usr/libexec/kubernetes']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const rules = spawnSync('iptables-save', { encoding: 'utf8' }).stdout ?? '';
  const chains = rules.split('\n').filter((line) => line.startsWith(':'));
  const settings = Object.entries(kernelSettings()).map((setting) => setting.join('='));
  const addresses = networkInterfaces()['lo']?.map(({ address }) => address) ?? [];
  return [...files, ...settings, ...addresses, ...chains.map((line) => line.split(' ')[0] ?? '')];
}

/** Processes that name the folder, mounts, control groups, and the folder itself. */
function remainsOf(directory: string): string[] {
  const processes = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => commandOf(pid).includes(directory));
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const groups = ['', ...readdirSync('/sys/fs/cgroup')].map((hierarchy) =>
    join('/sys/fs/cgroup', hierarchy, controlGroupOf(join(directory, 'node'))),
  );
  return [
    ...processes,
    ...mounts.filter((line) => line.includes(directory)),
    ...[...groups, directory].filter((path) => existsSync(path)),
  ];
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
