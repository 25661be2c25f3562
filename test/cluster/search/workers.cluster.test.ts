// Trials of several workers on a real control plane: Pods, the Service that names them and the policy that guards them are made,
// replaced and taken away together. kwok plays the kubelets, and no TensorFlow runs in the Pods (docs/distributed.md).
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pod } from '../../../operator/reconcilers/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { type SearchRoom, TEMPLATE } from './search-room.ts';
import { type StaffedRoom, staffRoom } from './staffed-room.ts';

let staffed: StaffedRoom;
let room: SearchRoom;
let trainMs = 300;

beforeAll(async () => {
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
});
afterAll(() => staffed?.[Symbol.asyncDispose]());

const WORKERS = 3;
const trialTemplate = { ...TEMPLATE, workers: WORKERS };
/** A multiple of the workers. */
const spec = { trialTemplate, training: { batchSize: 48 } };

const list = async (plural: string) =>
  JSON.parse(await room.kubectl(['get', plural, '-o', 'json'])).items;
const attemptOf = ({ metadata }: Pod) => metadata.labels?.['bionas.dev/attempt'];
const podsOf = async (search: string, attempt: number) =>
  (await room.pods(search)).filter((pod) => attemptOf(pod) === String(attempt));
const allRun = (search: string, attempt: number) =>
  eventually(async () => {
    const pods = await podsOf(search, attempt);
    expect(pods.map(({ status }) => status?.phase)).toEqual(Array(WORKERS).fill('Running'));
    expect(await room.training(search)).toBe(1);
    return pods;
  }, 30_000);

test('each worker has a Pod with a name of its own, which nobody else may call', async () => {
  trainMs = 6_000;
  await room.apply({ name: 'crew', trials: 1, spec });
  const pods = await allRun('crew', 0);
  expect(pods.map(({ metadata }) => metadata.name)).toEqual([
    'crew-0000-0',
    'crew-0000-0-w1',
    'crew-0000-0-w2',
  ]);
  const [service] = await list('services');
  expect(service.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  for (const [rank, { metadata }] of pods.entries()) {
    const podIP = `10.9.0.${rank}`;
    await patchStatus(metadata.name, { podIP, podIPs: [{ ip: podIP }] });
  }
  const names = async () => {
    const [slice] = await list('endpointslices');
    return slice.endpoints.map(({ hostname }: { hostname: string }) => hostname).toSorted();
  };
  await eventually(async () => expect(await names()).toEqual(['a0-w0', 'a0-w1', 'a0-w2']), 30_000);
  const [policy] = await list('networkpolicies');
  expect(policy.spec.ingress).toEqual([
    {
      from: [{ podSelector: { matchLabels: { 'bionas.dev/trial': 'crew-0000' } } }],
      ports: [{ protocol: 'TCP', port: 2222 }],
    },
  ]);
  const status = await room.ended('crew');
  expect(status).toMatchObject({ trials: { succeeded: 1 } });
  expect(status.deviceSeconds).toBeGreaterThan(WORKERS * 3);
});

test('where one dies, all are replaced and a retry is spent; where one is deleted, none is', async () => {
  trainMs = 20_000;
  await room.apply({ name: 'mortal', trials: 1, spec });
  await allRun('mortal', 0);
  await outOfMemory('mortal-0000-0-w1');
  await allRun('mortal', 1);
  const [died] = await room.trials('mortal');
  expect(died?.status).toMatchObject({ attempt: 1, retries: 1 });
  const events = await room.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
  expect(events.split(' ')).toContain('OutOfMemory');
  trainMs = 300;
  await room.kubectl(['delete', 'pod', 'mortal-0000-1-w2', '--wait=false']);
  expect(await room.ended('mortal')).toMatchObject({ trials: { succeeded: 1 } });
  const [trial] = await room.trials('mortal');
  expect(trial?.status).toMatchObject({ attempt: 2, retries: 1 });
});

/** As its kubelet says it. */
async function outOfMemory(pod: string): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const terminated = { exitCode: 137, reason: 'OOMKilled', startedAt: now, finishedAt: now };
  const status = { name: 'trainer', ready: false, restartCount: 0, image: 'none', imageID: '' };
  const containerStatuses = [{ ...status, state: { terminated } }];
  await patchStatus(pod, { phase: 'Failed', containerStatuses });
}

async function patchStatus(pod: string, status: object): Promise<void> {
  const how = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
  await room.kubectl(['patch', 'pod', pod, ...how]);
}

test('a suspended search has no Pod of any worker, and goes on with all', async () => {
  trainMs = 20_000;
  await room.apply({ name: 'rests', trials: 1, spec });
  await allRun('rests', 0);
  await room.edit('rests', { suspend: true });
  await eventually(async () => expect(await room.pods('rests')).toEqual([]), 30_000);
  trainMs = 300;
  await room.edit('rests', { suspend: false });
  expect(await room.ended('rests')).toMatchObject({ trials: { succeeded: 1 } });
});

test('with the searches all of it goes', async () => {
  for (const name of ['crew', 'mortal', 'rests']) await room.remove(name);
  for (const plural of ['pods', 'services', 'networkpolicies'])
    await eventually(async () => expect(await list(plural), plural).toEqual([]), 60_000);
});
