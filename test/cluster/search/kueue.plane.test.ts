// Searches in queues of Kueue, by its real controller: Pods wait until there is quota, give way to what is more important, and give
// back what was borrowed. None of it costs a retry, and gates and finalizers stay Kueue's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trial } from '../../../crds/index.ts';
import {
  type Cluster,
  isKueueBuilt,
  type Kueue,
  type OperatorProcess,
  startCluster,
  startKueue,
  startOperator,
} from '../../../scripts/cluster/index.ts';
import { eventually } from '../../operator/runtime/eventually.ts';
import { makeNamespace } from '../harness/index.ts';
import { SimulatedTrainers } from '../simulation/trainers.ts';
import { clusterQueue, FLAVOR, localQueue, priorityClass } from './queues.ts';
import { SearchRoom, type SearchWish, searchManifest, TEMPLATE } from './search-room.ts';

const LONG = { timeout: 180_000 };
if (!isKueueBuilt()) console.log('skipped: Kueue is not built here (make kueue)');

describe.skipIf(!isKueueBuilt())('with Kueue', () => {
  let cluster: Cluster;
  let kueue: Kueue;
  let room: SearchRoom;
  let operator: OperatorProcess;
  let trainers: SimulatedTrainers;
  let trainMs = 300;

  beforeAll(async () => {
    cluster = await startCluster();
    const { plane, nats } = cluster;
    kueue = await startKueue({
      plane,
      configuration: {
        fairSharing: { preemptionStrategies: ['LessThanOrEqualToFinalShare'] },
        admissionFairSharing: { usageHalfLifeTime: '60s', usageSamplingInterval: '1s' },
      },
    });
    room = new SearchRoom(plane.kubectl, await makeNamespace(plane.kubectl));
    const behaviour = { trainMs: () => trainMs };
    const way = { kubeconfig: plane.kubeconfig, nats: nats.url };
    trainers = await SimulatedTrainers.start({ ...way, seed: 1, behaviour });
    operator = await startOperator({ ...way, flags: ['--no-leader-elect'] });
    await room.kubectl(['apply', '-f', '-'], FLAVOR);
  }, 180_000);

  afterAll(async () => {
    await operator?.stop();
    await trainers?.[Symbol.asyncDispose]();
    await kueue?.stop();
    await cluster?.stop();
  });

  const apply = async (...objects: readonly object[]) => {
    for (const object of objects) await room.kubectl(['apply', '-f', '-'], object);
  };
  const queued = async (wish: SearchWish, labels: Readonly<Record<string, string>>) => {
    const manifest = searchManifest(wish);
    const named = Object.entries(labels).map(([name, value]) => [`kueue.x-k8s.io/${name}`, value]);
    const metadata = { ...manifest.metadata, labels: Object.fromEntries(named) };
    await apply({ ...manifest, metadata });
  };
  const trialsOf = (search: string) => room.trials(search);
  const podsOf = (search: string) => room.pods(search);
  const runningOf = async (search: string) =>
    (await podsOf(search)).filter(
      ({ metadata, status }) =>
        status?.phase === 'Running' && metadata.deletionTimestamp === undefined,
    ).length;
  const retriesOf = async (search: string) =>
    (await trialsOf(search)).reduce((sum, { status }) => sum + (status?.retries ?? 0), 0);
  const interruptedOf = async (search: string) =>
    (await trialsOf(search)).filter(({ status }) => (status?.attempt ?? 0) > 0).length;
  const events = () => room.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].message}']);

  test('Pods wait for quota, queued and gated, and are let in one by one', LONG, async () => {
    await apply(clusterQueue('two', { gpus: 2 }), localQueue('two'));
    trainMs = 12_000;
    await queued({ name: 'waits', trials: 4, parallelism: 4 }, { 'queue-name': 'two' });
    await eventually(async () => expect(await runningOf('waits')).toBe(2), 30_000);
    const gated = (await podsOf('waits')).filter(({ spec }) => spec.schedulingGates !== undefined);
    expect(gated).toHaveLength(2);
    for (const { metadata } of gated) {
      expect(metadata.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'two' });
      expect(metadata.finalizers).toEqual(['kueue.x-k8s.io/managed']);
    }
    await eventually(async () => {
      const reasons = (await trialsOf('waits')).map(
        ({ status }) => status?.conditions.find(({ type }) => type === 'Running')?.reason,
      );
      expect(reasons.filter((reason) => reason === 'Queued')).toHaveLength(2);
    }, 30_000);
    trainMs = 300;
    const status = await room.ended('waits', 60_000);
    expect(status).toMatchObject({ trials: { succeeded: 4, failed: 0 } });
    expect(await interruptedOf('waits')).toBe(0);
  });

  test('a more important search takes the quota; the other goes on, at no cost', LONG, async () => {
    await apply(clusterQueue('four', { gpus: 4 }), localQueue('four'));
    await apply(priorityClass('urgent', 1_000), priorityClass('patient', 10));
    trainMs = 15_000;
    const wide = { trials: 4, parallelism: 4 };
    await queued(
      { name: 'gives-way', ...wide },
      { 'queue-name': 'four', 'priority-class': 'patient' },
    );
    await eventually(async () => expect(await room.training('gives-way')).toBe(4), 30_000);
    trainMs = 3_000;
    await queued({ name: 'urgent', ...wide }, { 'queue-name': 'four', 'priority-class': 'urgent' });
    expect(await room.ended('urgent', 60_000)).toMatchObject({ trials: { succeeded: 4 } });
    const status = await room.ended('gives-way', 60_000);
    expect(status).toMatchObject({ trials: { succeeded: 4, failed: 0 } });
    expect(await interruptedOf('gives-way')).toBeGreaterThan(1);
    expect(await retriesOf('gives-way')).toBe(0);
    expect(await events()).toContain('WorkloadEvictedDueToPreempted: goes on from the checkpoint');
  });

  test(
    'what one search borrowed of another is given back, and both have their share',
    LONG,
    async () => {
      for (const name of ['left', 'right'])
        await apply(clusterQueue(name, { gpus: 2, cohort: 'both' }), localQueue(name));
      trainMs = 8_000;
      const wide = { trials: 8, parallelism: 4 };
      await queued({ name: 'borrows', ...wide }, { 'queue-name': 'left' });
      await eventually(async () => expect(await room.training('borrows')).toBe(4), 30_000);
      await queued({ name: 'reclaims', ...wide }, { 'queue-name': 'right' });
      await eventually(async () => {
        expect([await runningOf('borrows'), await runningOf('reclaims')]).toEqual([2, 2]);
      }, 30_000);
      trainMs = 300;
      for (const name of ['borrows', 'reclaims'])
        expect(await room.ended(name, 90_000)).toMatchObject({
          trials: { succeeded: 8, failed: 0 },
        });
      expect(await interruptedOf('borrows')).toBeGreaterThan(0);
      expect((await retriesOf('borrows')) + (await retriesOf('reclaims'))).toBe(0);
    },
  );

  test('the Pods of a trial are let in together, and end together', LONG, async () => {
    await apply(clusterQueue('crews', { gpus: 4 }), localQueue('crews'));
    trainMs = 15_000;
    const spec = { trialTemplate: { ...TEMPLATE, workers: 3 }, training: { batchSize: 48 } };
    const wish = { name: 'crews', trials: 2, parallelism: 2, spec };
    await queued(wish, { 'queue-name': 'crews' });
    await eventually(async () => expect(await room.training('crews')).toBe(1), 30_000);
    // There is room for one Pod of the other trial, which would wait in it.
    const pods = await podsOf('crews');
    const gated = pods.filter(({ spec: { schedulingGates } }) => schedulingGates !== undefined);
    expect(gated).toHaveLength(3);
    const victim = pods.find((pod) => !gated.includes(pod));
    trainMs = 300;
    await room.kubectl(['delete', 'pod', victim?.metadata.name ?? '', '--wait=false']);
    const status = await room.ended('crews', 60_000);
    expect(status).toMatchObject({ trials: { succeeded: 2, failed: 0 } });
    expect([await interruptedOf('crews'), await retriesOf('crews')]).toEqual([1, 0]);
    await room.remove('crews');
    await eventually(async () => expect(await podsOf('crews')).toEqual([]), 30_000);
  });

  test('a trial of several Pods leaves its queue with all of them', LONG, async () => {
    await apply(clusterQueue('pairs', { gpus: 2 }), localQueue('pairs'));
    trainMs = 60_000;
    const spec = { trialTemplate: { ...TEMPLATE, workers: 2 } };
    const wish = { name: 'pairs', trials: 2, parallelism: 2, spec };
    await queued(wish, { 'queue-name': 'pairs' });
    await eventually(async () => expect(await podsOf('pairs')).toHaveLength(4), 30_000);
    await eventually(async () => expect(await room.training('pairs')).toBe(1), 30_000);
    await room.edit('pairs', { suspend: true });
    await eventually(async () => expect(await podsOf('pairs')).toEqual([]), 30_000);
    trainMs = 300;
    await room.edit('pairs', { suspend: false });
    expect(await room.ended('pairs', 60_000)).toMatchObject({ trials: { succeeded: 2 } });
  });

  test('of one quota, the search that had less of it comes first', LONG, async () => {
    const admissionScope = { admissionMode: 'UsageBasedAdmissionFairSharing' };
    await apply(clusterQueue('fair', { gpus: 2, admissionScope }));
    await apply(localQueue('greedy', 'fair'), localQueue('modest', 'fair'));
    trainMs = 3_000;
    await queued({ name: 'greedy', trials: 8, parallelism: 8 }, { 'queue-name': 'greedy' });
    await eventually(async () => expect(await runningOf('greedy')).toBe(2), 30_000);
    await queued({ name: 'modest', trials: 2, parallelism: 2 }, { 'queue-name': 'modest' });
    for (const name of ['greedy', 'modest']) await room.ended(name, 90_000);
    const started = ({ status }: Trial): string => status?.startTime ?? '';
    const inOrder = [...(await trialsOf('greedy')), ...(await trialsOf('modest'))]
      .toSorted((a, b) => started(a).localeCompare(started(b)))
      .map(({ spec }) => spec.search);
    // First come, first served would be after all eight.
    expect(inOrder.indexOf('modest')).toBeLessThan(6);
  });

  test(
    'a suspended search leaves its quota to others; nothing of either stays in a queue',
    LONG,
    async () => {
      await apply(clusterQueue('one', { gpus: 1 }), localQueue('one'));
      trainMs = 300;
      await queued({ name: 'rests', trials: 40 }, { 'queue-name': 'one' });
      await eventually(async () => expect(await runningOf('rests')).toBe(1), 30_000);
      await room.edit('rests', { suspend: true });
      await queued({ name: 'steps-in', trials: 2 }, { 'queue-name': 'one' });
      expect(await room.ended('steps-in', 60_000)).toMatchObject({ trials: { succeeded: 2 } });
      for (const name of ['rests', 'steps-in']) await room.remove(name);
      await eventually(async () => {
        for (const name of ['rests', 'steps-in']) expect(await podsOf(name)).toEqual([]);
      }, 30_000);
    },
  );
});
