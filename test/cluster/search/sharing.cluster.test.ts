// Searches on a cluster that they share: with others that are more important, with queues, with nodes that are broken, and several
// trainers on one device. The scheduler, garbage collector and claims' controller are Kubernetes' own; kwok plays the kubelets.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trial } from '../../../crds/index.ts';
import type { OperatorProcess } from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import type { SimulatedTrainers } from '../simulation/trainers.ts';
import { claimTemplate, publishDevices, withClaim } from './devices.ts';
import { type SearchRoom, searchManifest, TEMPLATE } from './search-room.ts';
import { type StaffedRoom, staffRoom } from './staffed-room.ts';

const cluster = sharedCluster();
const { kubectl } = cluster;
let room: SearchRoom;
let operator: OperatorProcess;
let trainers: SimulatedTrainers;
let staffed: StaffedRoom;
let trainMs = 300;

beforeAll(async () => {
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room, operator, trainers } = staffed);
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

const trialsOf = (search: string) => room.trials(search);
const podsOf = (search: string) => room.pods(search);
const retriesOf = async (search: string) =>
  (await trialsOf(search)).reduce((sum, { status }) => sum + (status?.retries ?? 0), 0);
const messages = () => room.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].message}']);
const runningReason = ({ status }: Trial) =>
  status?.conditions.find(({ type }) => type === 'Running')?.reason;

test('a more important search takes the place of a less important one, whose trials go on at no cost', {
  timeout: 240_000,
}, async ({ onTestFinished }) => {
  onTestFinished(async () => {
    for (const name of ['low', 'high']) await room.remove(name);
  });
  const apiVersion = 'scheduling.k8s.io/v1';
  for (const [name, value] of Object.entries({ 'sharing-high': 2_000, 'sharing-low': 1_000 }))
    await kubectl(['apply', '-f', '-'], JSON.stringify(priorityClass(name, value)));
  // All start before the first ends, on a slow machine, too.
  trainMs = 12_000;
  const asWide = { trials: 24, parallelism: 24 };
  await room.apply({ name: 'low', ...asWide, spec: prioritized('sharing-low') });
  await eventually(async () => expect(await room.training('low')).toBe(24), 60_000);
  trainMs = 200;
  await room.apply({ name: 'high', trials: 4, parallelism: 4, spec: prioritized('sharing-high') });
  expect(await room.ended('high', 60_000)).toMatchObject({ trials: { succeeded: 4 } });
  expect(await room.ended('low', 60_000)).toMatchObject({ trials: { succeeded: 24, failed: 0 } });
  expect(await retriesOf('low')).toBe(0);
  const again = (await trialsOf('low')).filter(({ status }) => (status?.attempt ?? 0) > 0);
  expect(again.length).toBeGreaterThan(0);
  expect(await messages()).toContain('PreemptionByScheduler: goes on from the checkpoint');

  function priorityClass(name: string, value: number) {
    return { apiVersion, kind: 'PriorityClass', metadata: { name }, value };
  }
});

const prioritized = (priorityClassName: string) => ({
  trialTemplate: { ...TEMPLATE, spec: { ...TEMPLATE.spec, priorityClassName } },
});

test('a node on which trainers fail is avoided, also by another operator, and the search says so', {
  timeout: 300_000,
}, async ({ onTestFinished }) => {
  trainMs = 300;
  const [broken = ''] = cluster.fakeNodes;
  trainers.breakNode(broken);
  onTestFinished(async () => {
    trainers.mendNode(broken);
    await room.remove('rotten');
  });
  const budget = { trials: 40, failedTrials: 40 };
  const trialTemplate = { ...TEMPLATE, spec: { ...TEMPLATE.spec, ...spread('rotten') } };
  const spec = { budget, trialTemplate };
  await room.apply({ name: 'rotten', trials: 40, parallelism: 6, spec });
  const trouble = async () => {
    const { status } = await room.search('rotten');
    const condition = status?.conditions.find(({ type }) => type === 'NodeTrouble');
    expect(condition).toMatchObject({ status: 'True', reason: 'NodesAvoided' });
    return condition?.message;
  };
  expect(await eventually(trouble, 100_000)).toMatch(
    new RegExp(`^${broken} until .*: \\d+ Pods in a row failed there, the last with exit code 1$`),
  );
  await operator.restart();
  const before = new Set((await podsOf('rotten')).map(({ metadata }) => metadata.name));
  await room.ended('rotten', 120_000);
  const later = (await podsOf('rotten')).filter(({ metadata }) => !before.has(metadata.name));
  expect(later.length).toBeGreaterThan(0);
  expect(later.map(({ spec }) => spec.nodeName)).not.toContain(broken);
  const events = await room.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
  expect(events.split(' ')).toContain('NodesAvoided');
});

/** Evenly: the scheduler may else put one like the last where it put that, and leave a node out. */
const spread = (search: string) => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { 'bionas.dev/search': search } },
    },
  ],
});

test('a gated Pod is queued, and trains once whoever gated it lets it go', async () => {
  const schedulingGates = [{ name: 'example.com/queue' }];
  const trialTemplate = { ...TEMPLATE, spec: { ...TEMPLATE.spec, schedulingGates } };
  await room.apply({ name: 'gated', trials: 1, spec: { trialTemplate } });
  const waits = async () => {
    const [trial] = await trialsOf('gated');
    expect(trial && runningReason(trial)).toBe('Queued');
  };
  await eventually(waits, 30_000);
  const [pod] = await podsOf('gated');
  expect(pod?.spec.schedulingGates).toEqual(schedulingGates);
  const open = JSON.stringify([{ op: 'remove', path: '/spec/schedulingGates' }]);
  await room.kubectl(['patch', 'pod', pod?.metadata.name ?? '', '--type=json', '-p', open]);
  expect(await room.ended('gated')).toMatchObject({ trials: { succeeded: 1 } });
});

test("labels for a queue reach Trials and Pods; a search that is another's is left alone", async () => {
  const manifest = searchManifest({ name: 'labelled', trials: 1 });
  const labels = { 'kueue.x-k8s.io/queue-name': 'gpus', 'kueue.x-k8s.io/priority-class': 'low' };
  const theirs = searchManifest({
    name: 'theirs',
    trials: 1,
    spec: { managedBy: 'acme.example/x' },
  });
  await room.kubectl(['apply', '-f', '-'], theirs);
  await room.kubectl(['apply', '-f', '-'], {
    ...manifest,
    metadata: { ...manifest.metadata, labels },
  });
  await room.ended('labelled');
  for (const [object] of [await trialsOf('labelled'), await podsOf('labelled')])
    expect(object?.metadata.labels).toMatchObject(labels);
  const { metadata, status } = await room.search('theirs');
  expect([metadata.finalizers, status, await trialsOf('theirs')]).toEqual([
    undefined,
    undefined,
    [],
  ]);
  await room.remove('theirs');
});

test('trainers claim devices (DRA): one each, and four of them one together', async () => {
  await publishDevices(kubectl, cluster.fakeNodes);
  await room.kubectl(['apply', '-f', '-'], claimTemplate('own'));
  const own = withClaim({ resourceClaimTemplateName: 'own' });
  await room.apply({ name: 'own', trials: 4, parallelism: 4, spec: { trialTemplate: own } });
  expect(await room.ended('own')).toMatchObject({ trials: { succeeded: 4 } });

  const { spec } = claimTemplate('together').spec;
  const claim = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim' };
  await room.kubectl(['apply', '-f', '-'], { ...claim, metadata: { name: 'together' }, spec });
  trainMs = 2_000;
  const together = withClaim({ resourceClaimName: 'together' });
  await room.apply({
    name: 'together',
    trials: 4,
    parallelism: 4,
    spec: { trialTemplate: together, sharing: { perDevice: 4 } },
  });
  const status = await room.ended('together');
  expect(status).toMatchObject({ trials: { succeeded: 4 } });
  // Four times two seconds on a quarter of a device each.
  expect(status.deviceSeconds).toBeLessThan(4);
  const pods = await podsOf('together');
  expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(1);
});
