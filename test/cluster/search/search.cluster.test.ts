// One search on a real control plane with results over a real NATS: from `kubectl apply` to nothing left behind.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperatorProcess } from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { sharedCluster } from '../harness/index.ts';
import { ledgerOf } from './ledger.ts';
import type { SearchRoom } from './search-room.ts';
import { type StaffedRoom, staffRoom } from './staffed-room.ts';

const cluster = sharedCluster();
let room: SearchRoom;
let operator: OperatorProcess;
let staffed: StaffedRoom;

beforeAll(async () => {
  staffed = await staffRoom();
  ({ room, operator } = staffed);
});

afterAll(() => staffed?.[Symbol.asyncDispose]());

describe('a search', () => {
  test('of two trials and a final one ends with all of them trained, each by one Pod', async () => {
    await room.apply({ name: 'two', trials: 2, spec: { final: { topK: 1 } } });
    const status = await room.ended('two');
    expect(status).toMatchObject({
      phase: 'Completed',
      trials: { proposed: 2, succeeded: 2, failed: 0, running: 0 },
    });
    expect(status.final).toHaveLength(1);
    const trials = await room.trials();
    expect(trials.map(({ metadata }) => metadata.name)).toEqual([
      'two-0000',
      'two-0001',
      'two-final-0',
    ]);
    const pods = await room.pods();
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(
      trials.map(({ metadata }) => `${metadata.name}-0`),
    );
  });

  test('with ASHA pauses its trials, sends the best on by another Pod, and ends them all', async () => {
    const scheduling = { name: 'asha' };
    const spec = { scheduling, training: { epochs: 9 } };
    await room.apply({ name: 'rungs', trials: 9, parallelism: 3, spec });
    const status = await room.ended('rungs', 110_000);
    expect(status).toMatchObject({
      phase: 'Completed',
      trials: { succeeded: 9, failed: 0, running: 0, paused: 0 },
    });
    const [first, second, third] = status.rungs ?? [];
    expect(first).toMatchObject({ epochs: 1, trials: 9 });
    expect([second?.trials, third?.trials]).toEqual([first?.promoted, second?.promoted]);
    const ofSearch = (await room.trials()).filter((trial) => trial.spec.search === 'rungs');
    const attempts = ofSearch.map((trial) => trial.status?.attempt ?? 0);
    expect(Math.max(...attempts)).toBe(2);
    expect(ofSearch.every((trial) => trial.status?.retries === 0)).toBe(true);
    await room.remove('rungs');
  });

  test('owns its Trials and they their Pods, as controllers that block their deletion', async () => {
    const [trial] = await room.trials();
    const [pod] = await room.pods();
    for (const object of [trial, pod])
      expect(object?.metadata.ownerReferences).toMatchObject([
        { controller: true, blockOwnerDeletion: true },
      ]);
  });

  test('is shown by kubectl with progress and the best', async () => {
    const shown = await room.kubectl(['get', 'bns', 'two', '--no-headers']);
    expect(shown).toMatch(/^two\s+Completed\s+2\s+0\s+0\s+2\s+0\.\d+\s/);
  });

  test('says in Events where it stands, and no more than that for trials that go well', async () => {
    const events = await room.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
    const ours = events.split(' ').filter((reason) => reason !== 'Scheduled');
    expect(new Set(ours)).toEqual(new Set(['Searching', 'Finalizing', 'BudgetSpent']));
  });

  test('is in the ledger, trial by trial', async () => {
    const { metadata } = await room.search('two');
    const records = await ledgerOf(cluster.natsUrl, metadata.uid ?? '');
    expect(records.map(({ name }) => name).toSorted()).toEqual([
      'two-0000',
      'two-0001',
      'two-final-0',
    ]);
  });

  test('that is deleted leaves nothing behind', async () => {
    const { metadata } = await room.search('two');
    await room.remove('two');
    await eventually(async () => {
      expect(await room.kubectl(['get', 'trials,pods', '-o', 'name'])).toBe('');
      expect(await ledgerOf(cluster.natsUrl, metadata.uid ?? '')).toEqual([]);
    }, 60_000);
  });
});

describe('an edit of a running search acts at once', () => {
  test('suspend ends its Pods, resume goes on, and no retry is spent', async () => {
    // So many that the search is not over before kubectl has begun.
    await room.apply({ name: 'pause', trials: 40, parallelism: 2 });
    await eventually(async () => expect((await room.pods()).length).toBeGreaterThan(0));
    await room.edit('pause', { suspend: true });
    await eventually(async () => {
      expect(await running(room)).toBe(0);
      expect((await room.search('pause')).status?.phase).toBe('Suspended');
    });
    await room.edit('pause', { suspend: false });
    const status = await room.ended('pause');
    expect(status.trials).toMatchObject({ succeeded: 40, failed: 0 });
    for (const trial of await room.trials()) expect(trial.status?.retries).toBe(0);
    await room.remove('pause');
  });

  test('the status speaks of the newest generation within five seconds', async () => {
    await room.apply({ name: 'edit', trials: 2 });
    await room.edit('edit', { budget: { trials: 3 } });
    await eventually(async () => {
      const { metadata, status } = await room.search('edit');
      expect(status?.observedGeneration).toBe(metadata.generation);
    }, 5_000);
    expect((await room.ended('edit')).trials.succeeded).toBe(3);
    await room.remove('edit');
  });
});

test('a final stage with seeds and controls ends with each of them trained once', async () => {
  const final = { topK: 1, seeds: 2, controls: { random: 1 } };
  await room.apply({ name: 'pairs', trials: 2, parallelism: 2, spec: { final } });
  const status = await room.ended('pairs');
  expect(status).toMatchObject({ phase: 'Completed', final: [{ trial: 'pairs-final-0' }] });
  const { metadata } = await room.search('pairs');
  const records = await ledgerOf(cluster.natsUrl, metadata.uid ?? '');
  const finals = records.filter(({ purpose }) => purpose === 'Final');
  expect(finals.map(({ name, control }) => [name, control?.name]).toSorted()).toEqual([
    ['pairs-f0-c00-s0', 'random 1'],
    ['pairs-f0-c00-s1', 'random 1'],
    ['pairs-f0-s1', undefined],
    ['pairs-final-0', undefined],
  ]);
  await room.remove('pairs');
});

async function running(of: SearchRoom): Promise<number> {
  const alive = (await of.pods()).filter(
    ({ status }) => !/Succeeded|Failed/.test(status?.phase ?? ''),
  );
  return alive.length;
}

test('the operator serves its health and what it has done', async () => {
  const page = async (path: string) => (await fetch(`${operator.healthUrl}${path}`)).text();
  expect(await page('/healthz')).toBe('ok\n');
  expect(await page('/readyz')).toBe('ok\n');
  expect(await page('/metrics')).toMatch(
    /bionas_controller_reconciles_total\{controller="trial",result="success"\} \d+/,
  );
});

test('the operator ends on SIGTERM within ten seconds, with 0', async () => {
  const start = performance.now();
  expect(await operator.terminate()).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
});
