// On a real control plane: a search that begins from one of another namespace, once RBAC lets it, and one whose device time runs out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace, sharedCluster } from '../harness/index.ts';
import { SearchRoom, searchManifest } from './search-room.ts';
import { type StaffedRoom, staffRoom } from './staffed-room.ts';

const { kubectl } = sharedCluster();
let room: SearchRoom;
let archive: SearchRoom;
let staffed: StaffedRoom;
let trainMs = 300;

beforeAll(async () => {
  archive = new SearchRoom(kubectl, await makeNamespace(kubectl));
  staffed = await staffRoom({ trainMs: () => trainMs });
  ({ room } = staffed);
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

const edges = (rule: string) =>
  `nb201;nor_conv_3x3:${rule}~0|none~0,nor_conv_3x3:${rule}~1|none~0,none~1,nor_conv_1x1:${rule}~2;rest=BP`;
const BEST = [edges('FA'), edges('BP')];

/** A search that ended, in a namespace where no operator works. */
async function leaveDay(): Promise<void> {
  await archive.kubectl(['apply', '-f', '-'], searchManifest({ name: 'day', trials: 2 }));
  const best = BEST.map((genotype, index) => ({
    trial: `day-000${index}`,
    index,
    genotype,
    objectives: [0.9],
  }));
  const lastTransitionTime = new Date().toISOString();
  const over = {
    type: 'Completed',
    status: 'True',
    reason: 'BudgetSpent',
    message: '',
    lastTransitionTime,
  };
  const status = JSON.stringify({ status: { phase: 'Completed', best, conditions: [over] } });
  await archive.kubectl([
    'patch',
    'bns',
    'day',
    '--subresource=status',
    '--type=merge',
    '-p',
    status,
  ]);
}

const readyOf = async (name: string) =>
  (await room.search(name)).status?.conditions.find(({ type }) => type === 'Ready');

test('a search begins with the networks of another namespace as soon as RBAC lets it read them', async () => {
  await leaveDay();
  const search = { name: 'day', namespace: archive.namespace };
  const budget = { trials: 3, gpuHours: 1 };
  await room.apply({ name: 'night', trials: 3, spec: { budget, warmStart: { search } } });
  await eventually(async () => {
    const ready = await readyOf('night');
    expect(ready?.reason).toBe('WarmStartPending');
    expect(ready?.message).toContain(`RBAC does not let namespace ${room.namespace} get it`);
  });
  const create = (...words: string[]) => archive.kubectl(['create', ...words]);
  const group = `--group=system:serviceaccounts:${room.namespace}`;
  await create('role', 'reader', '--verb=get', '--resource=bionassearches.bionas.dev');
  await create('rolebinding', 'reader', '--role=reader', group);
  await eventually(async () => expect(await room.trials()).not.toEqual([]), 60_000);
  await archive.kubectl(['delete', 'bns', 'day', '--wait=false']);
  const { trials, deviceSeconds } = await room.ended('night');
  expect(trials).toMatchObject({ succeeded: 3, failed: 0 });
  expect(deviceSeconds).toBeGreaterThan(0);
  const genotypes = (await room.trials()).map(({ spec }) => spec.genotype);
  expect(genotypes.slice(0, 2)).toEqual(BEST);
});

test('a trial that device time runs out for is ended, with its Pod, and the search says why', async () => {
  trainMs = 600_000;
  const budget = { trials: 3, gpuHours: 5 / 3600 };
  await room.apply({ name: 'short', trials: 3, parallelism: 2, spec: { budget } });
  const status = await room.ended('short', 60_000);
  expect(status).toMatchObject({ phase: 'Failed', trials: { proposed: 1, failed: 1 } });
  expect(status.deviceSeconds).toBeGreaterThanOrEqual(5);
  // A second until a Pod is known to run, and what two cores that also run a cluster take to look.
  expect(status.deviceSeconds).toBeLessThan(5 + 5);
  const failed = status.conditions.find(({ type }) => type === 'Failed');
  expect(failed?.message).toMatch(/gpuHours were used, and no trial has a score/);
  const [trial] = (await room.trials()).filter(({ spec }) => spec.search === 'short');
  const end = trial?.status?.conditions.find(({ type }) => type === 'Failed');
  expect(end).toMatchObject({ status: 'True', reason: 'BudgetSpent' });
  expect(trial?.spec.cancel).toContain('budget.gpuHours');
  await eventually(async () => {
    const pods = (await room.pods()).filter(({ metadata }) => metadata.name.startsWith('short-'));
    expect(pods).toEqual([]);
  }, 90_000);
});
