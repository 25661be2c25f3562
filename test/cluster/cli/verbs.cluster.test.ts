// The verbs of bionas on a real API server and NATS: what they say of a search there is what they say of its backup, which is a run
// directory; edits reach the operator; logs come from whoever stands in for a kubelet.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withCluster } from '../../../cli/backup/cluster.ts';
import { takeBackup } from '../../../cli/backup/take.ts';
import { addDescribeCommand } from '../../../cli/describe/index.ts';
import { addEditCommands } from '../../../cli/edit/index.ts';
import { addExportCommand } from '../../../cli/export/index.ts';
import { addLineageCommand } from '../../../cli/lineage/index.ts';
import { addParetoCommand } from '../../../cli/pareto/index.ts';
import { clusterNats, keptFile } from '../../../cli/place/cluster-nats.ts';
import { addStatusCommand } from '../../../cli/status/index.ts';
import { addSupportBundleCommand } from '../../../cli/support-bundle/index.ts';
import { addTopCommand } from '../../../cli/top/index.ts';
import { connectNats, makeBucket } from '../../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { kubernetesProgram } from '../../../scripts/cluster/programs.ts';
import { putObject } from '../../../trainer/nats/index.ts';
import { kubectlBionas } from '../../builders/command-line.ts';
import { verb } from '../../builders/verbs.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { kubeconfigWith, sharedCluster } from '../harness/index.ts';
import { type SearchRoom, TEMPLATE } from '../search/search-room.ts';
import { type StaffedRoom, staffRoom } from '../search/staffed-room.ts';
import { LogServer } from './log-server.ts';

const { kubeconfig, natsUrl: nats, kubectl, token } = sharedCluster();
const BIN = resolve(import.meta.dirname, '../../../bin');
const TRIALS = 14;
/** Finished objects that stay: most trials are known by the ledger alone. */
const KEPT = 3;
let staffed: StaffedRoom;
let room: SearchRoom;
let folder = '';
let trainMs = 50;

type Add = Parameters<typeof verb>[0];
/** Of the cluster, with the ledger. */
const there = (add: Add, ...args: string[]) => without(add, ...args, '--nats', nats);
const without = (add: Add, ...args: string[]) =>
  verb(add, folder, [...args, '--kubeconfig', kubeconfig, '-n', room.namespace]);
const here = (add: Add, ...args: string[]) => verb(add, folder, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bionas-verbs-'));
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
  await room.apply({ name: 'night', trials: TRIALS, parallelism: 4, keep: KEPT });
  await room.ended('night');
  const { signal } = new AbortController();
  await withCluster({ kubeconfig, nats }, { version: 'test', signal }, (cluster) =>
    takeBackup({ namespace: room.namespace, name: 'night' }, join(folder, 'night'), cluster),
  );
});

afterAll(async () => {
  await staffed?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** JSON as data, without the names of logs, which a run directory alone has. */
function comparable(lines: readonly string[], args: readonly string[]): unknown {
  const data = (text: string): unknown =>
    JSON.parse(text, (key, value) => (key === 'log' ? undefined : value));
  if (args.includes('json')) return data(lines.join('\n'));
  return args.includes('jsonl') ? lines.map(data) : lines;
}

test.each<[string, Add, string[]]>([
  ['status', addStatusCommand, ['status', 'night', '-o', 'json']],
  ['top', addTopCommand, ['top', 'night', '-k', '20', '-o', 'json']],
  ['pareto', addParetoCommand, ['pareto', 'night', '-o', 'csv']],
  ['lineage', addLineageCommand, ['lineage', 'night']],
  ['lineage of a trial', addLineageCommand, ['lineage', 'night', '13']],
  ['export of trials', addExportCommand, ['export', 'trials', 'night']],
  ['export of trials with curves', addExportCommand, ['export', 'trials', 'night', '-o', 'jsonl']],
  ['export of the winner', addExportCommand, ['export', 'genotype', 'night', '-o', 'yaml']],
  ['budget', addEditCommands, ['budget', 'night']],
])('%s says the same of a cluster and of a directory', async (_, add, args) => {
  const cluster = await there(add, ...args);
  const directory = await here(add, ...args);
  expect(comparable(cluster.out, args)).toEqual(comparable(directory.out, args));
  expect(cluster.err).toEqual(directory.err);
  expect(cluster.out.length).toBeGreaterThan(0);
});

test('all trials are known by the ledger, most of which have no object any more', async () => {
  expect((await room.trials('night')).length).toBeLessThanOrEqual(KEPT);
  expect((await there(addTopCommand, 'top', 'night', '-k', '20', '-o', 'name')).out).toHaveLength(
    TRIALS,
  );
});

test('without the ledger the best are known all the same, and what is not known is said', async () => {
  const known = await without(addTopCommand, 'top', 'night', '-o', 'name');
  const all = await there(addTopCommand, 'top', 'night', '-o', 'name');
  expect(known.out).toEqual(all.out);
  expect(known.err).toEqual([
    expect.stringMatching(/^\d+ trials that ended are not shown: .* --nats/),
  ]);
});

test('describe has the Events of a search, and the nodes of Pods that are there', async () => {
  const { out } = await there(addDescribeCommand, 'describe', 'night');
  expect(out.join('\n')).toMatch(/Events:\n +TIME .*\n(.*\n)*.* BioNASSearch night +/);
  const [trial] = (await room.trials('night')).toSorted((a, b) => b.spec.index - a.spec.index);
  const described = await there(addDescribeCommand, 'describe', 'night', trial!.metadata.name);
  expect(described.out.join('\n')).toMatch(
    new RegExp(`0 +${trial!.metadata.name}-0 +Succeeded +gpu-\\d +Completed \\(0\\)`),
  );
});

test('a file that a trainer keeps is read from NATS', async () => {
  const { signal } = new AbortController();
  const search = await room.search('night');
  const parts = { clock: systemClock, logger: silentLogger };
  const link = await connectNats({ url: nats, name: 'test', ...parts }, signal);
  const bucket = await makeBucket(link, search.metadata.uid ?? '', 1);
  const file = 'model.onnx';
  async function* bytes() {
    yield Buffer.from('an ONNX model');
  }
  await putObject(link.connection, { bucket, trial: 'a-trial', file }, bytes());
  const cluster = clusterNats({ nats }, signal);
  const place = `nats://${bucket}/a-trial/${file}`;
  const left = { trial: 'night-0001', file, place };
  const read = await keptFile(cluster, left, { search, env: {} });
  await Promise.all([cluster.close(), link.close()]);
  expect(Buffer.from(read ?? []).toString()).toBe('an ONNX model');
});

test('kubectl bionas is the same program, of which every search is one of the cluster', async () => {
  const env = { KUBECONFIG: kubeconfig, NATS_URL: nats };
  const top = await kubectlBionas(['top', 'night', '-n', room.namespace, '-o', 'name'], env);
  const { out } = await there(addTopCommand, 'top', 'night', '-o', 'name');
  expect(top).toMatchObject({ code: 0, stdout: `${out.join('\n')}\n`, stderr: '' });
  const all = await kubectlBionas(['status', '-A'], env);
  expect(all.stdout).toMatch(
    new RegExp(`^${room.namespace} +night +Completed +BudgetSpent +14/14`, 'm'),
  );
});

test('kubectl completes names, where bin/ is in its PATH', async () => {
  const PATH = `${BIN}${delimiter}${process.env['PATH']}`;
  const patience = { BIONAS_COMPLETION_SECONDS: '60' };
  const env = { ...process.env, ...patience, KUBECONFIG: kubeconfig, NATS_URL: nats, PATH };
  const completed = async (...words: string[]) => {
    const args = ['__complete', 'bionas', ...words];
    const { stdout } = await promisify(execFile)(kubernetesProgram('kubectl'), args, { env });
    return stdout.trimEnd().split('\n');
  };
  expect(await completed('top', '-n', room.namespace, 'ni')).toEqual([
    'night\tCompleted, 14 of 14 trials',
    ':0',
  ]);
  const trials = await completed('describe', '-n', room.namespace, 'night', 'night-000');
  expect(trials).toHaveLength(11);
});

test('a search that is not there says where to look', async () => {
  await expect(there(addTopCommand, 'top', 'day')).rejects.toMatchObject({
    message: `${room.namespace}/day: expected a BioNASSearch, found none; status -A lists those of all namespaces`,
    exitCode: 2,
  });
});

test('a search is suspended, given more trials and resumed, and watched to its end', async () => {
  trainMs = 1_000;
  await room.apply({ name: 'held', trials: 3 });
  await eventually(async () => expect(await room.training('held')).toBe(1), 30_000);
  expect((await there(addEditCommands, 'suspend', 'held')).out[0]).toMatch(/^held suspended/);
  await eventually(async () => {
    expect((await room.search('held')).status?.phase).toBe('Suspended');
    expect(await room.training('held')).toBe(0);
  }, 30_000);
  expect((await there(addEditCommands, 'budget', 'held', '--trials', '5')).out).toEqual([
    'held: trials 3 -> 5',
  ]);
  await expect(there(addEditCommands, 'budget', 'held', '--wall-clock', '0s')).rejects.toThrow(
    /wallClock is longer than nothing/,
  );
  trainMs = 50;
  await there(addEditCommands, 'resume', 'held');
  const watched = await there(addStatusCommand, 'status', 'held', '--watch');
  expect(watched.code).toBe(0);
  expect(watched.out.at(-1)).toMatch(/^held +Completed +BudgetSpent +5\/5/);
  await expect(there(addEditCommands, 'suspend', 'held')).rejects.toThrow(/held: it has ended/);
});

test('a support bundle has objects, Events and the log of the operator, and no secret of a template', async () => {
  await using nodes = await LogServer.start(kubectl, 'operator-node');
  const env = [{ name: 'HUB_TOKEN', value: 'planted-hunter2' }];
  const [container] = TEMPLATE.spec.containers;
  const containers = [{ ...container, env }];
  const trialTemplate = { ...TEMPLATE, spec: { ...TEMPLATE.spec, containers } };
  await room.apply({ name: 'asking', trials: 1, spec: { trialTemplate } });
  await room.ended('asking');
  await room.kubectl(['create', '-f', '-'], operatorPod(nodes.node));
  await room.kubectl(['wait', 'pod/operator', '--for=jsonpath={.status.phase}=Running']);
  const place = ['--operator-namespace', room.namespace];
  await there(addSupportBundleCommand, 'support-bundle', 'asking', ...place);
  execFileSync('tar', ['-xzf', join(folder, 'bionas-asking.tar.gz'), '-C', folder]);
  const read = (name: string) => readFile(join(folder, 'bionas-asking', name), 'utf8');
  expect(await read('trials.yaml')).toMatch(/name: HUB_TOKEN\n +value: REDACTED/);
  expect(await read('events.yaml')).toContain('BioNASSearch asking');
  expect(await read('operator/operator.log')).toBe(
    `${room.namespace}/operator/operator has spoken\n`,
  );
  expect(await read('definitions/trials.bionas.dev.yaml')).toContain('storedVersions');
  const found = () =>
    execFileSync('grep', ['-r', 'planted-hunter2', join(folder, 'bionas-asking')]);
  expect(found).toThrow();
});

/** As the chart labels it. */
const operatorPod = (nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'operator',
    labels: { 'app.kubernetes.io/part-of': 'bionas', 'app.kubernetes.io/component': 'operator' },
    annotations: { 'fake.bionas.dev/runs-for': 'told' },
  },
  spec: { nodeName, containers: [{ name: 'operator', image: 'operator' }] },
});

/** As the chart's role for viewers, which the ClusterRole view takes up. */
const VIEW = ['--verb=get,list,watch', '--resource=bionassearches.bionas.dev,trials.bionas.dev'];

test('who may view a namespace may read, and what more it needs is told', async () => {
  const account = `--serviceaccount=${room.namespace}:default`;
  await room.kubectl(['create', 'rolebinding', 'view', '--clusterrole=view', account]);
  await room.kubectl(['create', 'role', 'bionas-view', ...VIEW]);
  await room.kubectl(['create', 'rolebinding', 'bionas-view', '--role=bionas-view', account]);
  const viewer = (await room.kubectl(['create', 'token', 'default'])).trim();
  const file = await kubeconfigWith(kubeconfig, [[token, viewer]]);
  const view = (add: Add, namespace: string, ...args: string[]) =>
    verb(add, folder, [...args, '--kubeconfig', file, '-n', namespace]);
  const { namespace } = room;
  expect((await view(addTopCommand, namespace, 'top', 'night', '-o', 'name')).out).toHaveLength(10);
  const [trial] = await room.trials('night');
  const described = await view(
    addDescribeCommand,
    namespace,
    'describe',
    'night',
    trial!.metadata.name,
  );
  expect(described.out.join('\n')).toContain('Attempts:');
  await room.apply({ name: 'free', trials: 1, spec: { suspend: true } });
  const resumed = view(addEditCommands, namespace, 'resume', 'free');
  await expect(resumed).rejects.toThrow(/forbidden: .* editing edit \(docs\/cli.md, Rights\)/);
  const elsewhere = view(addTopCommand, 'default', 'top', 'night');
  await expect(elsewhere).rejects.toThrow(/forbidden: .*docs\/cli.md, Rights/);
});
