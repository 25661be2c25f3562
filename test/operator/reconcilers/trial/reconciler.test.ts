import { describe, expect, test } from 'vitest';
import { InvalidError } from '../../../../operator/runtime/index.ts';
import {
  at,
  failureReport,
  makePod,
  makeSearch,
  makeTrial,
  START_MS,
} from '../../../builders/objects.ts';
import { World } from '../world.ts';
import { running, worldOf } from './trial-world.ts';

describe('the Pod', () => {
  test('is made once, and waiting for it costs no write', async () => {
    const world = worldOf();
    await world.reconcile();
    await world.reconcile();
    expect(world.calls).toEqual(['create Pod night-0-0']);
  });

  test('that waits for long is said to', async () => {
    const world = worldOf({ pod: makePod() });
    expect(await world.reconcile()).toEqual({ requeueAfter: 10_000 });
    await world.clock.advance(10_000);
    expect(await world.reconcile()).toEqual({});
    await world.reconcile();
    expect(world.calls).toEqual(['status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'False Queued' });
  });

  test('is made once although the cache lags behind', async () => {
    const world = worldOf();
    world.lags = true;
    await world.reconcile();
    await world.reconcile();
    expect([...world.pods.objects.keys()]).toEqual(['default/night-0-0']);
  });

  test('that runs makes the trial run', async () => {
    const world = worldOf({ trial: makeTrial().waiting(), pod: makePod().running() });
    await world.clock.advance(400);
    expect(await world.reconcile()).toEqual({ requeueAfter: 600 });
    expect(world.calls).toEqual([]);
    await world.clock.advance(1600);
    await world.reconcile();
    await world.reconcile();
    expect(world.calls).toEqual(['status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'True Training' });
    expect(world.status.startTime).toBe(at(2));
  });

  test('that the API refuses ends the trial', async () => {
    const world = worldOf();
    world.fate = (call) => {
      if (call.startsWith('create Pod')) throw new InvalidError('spec.containers[0].image: empty');
      return 'go';
    };
    await world.reconcile();
    expect(world.conditions).toEqual({
      Running: 'False InvalidInput',
      Failed: 'True InvalidInput',
    });
    expect(world.status.conditions[1]?.message).toContain('spec.containers[0].image: empty');
  });

  test('of a namesake in an earlier life is not ours', async () => {
    const world = worldOf({ pod: makePod(0, 'another-uid').ended(1) });
    await world.reconcile();
    expect(world.calls).toEqual(['create Pod night-0-0']);
  });
});

describe('an attempt that ends without a result', () => {
  test.each([
    ['75, interrupted', makePod().ended(75), { attempt: 1, retries: 0 }],
    ['evicted', makePod().ended(137).lost('Evicted'), { attempt: 1, retries: 0 }],
    ['its node lost', makePod().running().lost('NodeLost'), { attempt: 1, retries: 0 }],
    ['preempted', makePod().ended(143).disrupted(), { attempt: 1, retries: 0 }],
    [
      'killed for memory',
      makePod().ended(137, { reason: 'OOMKilled' }),
      { attempt: 1, retries: 1 },
    ],
    ['1', makePod().ended(1), { attempt: 1, retries: 1 }],
  ])('%s: another one follows', async (_how, pod, expected) => {
    const world = worldOf({ trial: running(), pod });
    expect(await world.reconcile()).toEqual({ requeueAfter: 0 });
    expect(world.status).toMatchObject(expected);
    await world.reconcile();
    expect(world.calls.at(-1)).toBe('create Pod night-0-1');
  });

  test.each([
    ['bad input', 64, 0, 'InvalidInput'],
    ['a failure with all retries spent', 1, 1, 'TrainerFailed'],
  ])('%s is the end', async (_how, code, retries, reason) => {
    const world = worldOf({ trial: running().afterRetries(retries), pod: makePod().ended(code) });
    world.say(failureReport('this is why'));
    await world.reconcile();
    expect(world.conditions).toMatchObject({ Failed: `True ${reason}` });
    expect(world.status.conditions.at(-1)?.message).toContain('this is why');
  });

  test.each([
    ['is told as a warning where it costs', makePod().ended(1), 'Warning TrainerFailed of night-0'],
    ['is told as normal where it does not', makePod().ended(75), 'Normal Interrupted of night-0'],
  ])('%s', async (_how, pod, happening) => {
    const world = worldOf({ trial: running(), pod });
    await world.reconcile();
    expect(world.happenings).toEqual([happening]);
  });

  test('leaves its failure behind', async () => {
    const world = worldOf({ trial: running(), pod: makePod().ended(1) });
    world.say(failureReport('of attempt 0'));
    await world.reconcile();
    expect(world.status.failure).toBeUndefined();
  });

  test('adds its time to that of the others', async () => {
    const trial = makeTrial().atAttempt(1).used(7.5).waiting().running();
    const world = worldOf({ trial, pod: makePod(1).ended(75, { from: 20, to: 22.25 }) });
    await world.reconcile();
    expect(world.status.deviceSeconds).toBeCloseTo(9.75, 3);
  });
});

describe('a Pod that is gone', () => {
  test('is followed by another, and its time counts as far as it was watched', async () => {
    const world = worldOf({ trial: running() });
    await world.clock.advance(3500);
    expect(await world.reconcile()).toEqual({ requeueAfter: 0 });
    expect(world.status).toMatchObject({ attempt: 1, retries: 0, deviceSeconds: 3.5 });
    expect(world.conditions).toEqual({ Running: 'False Interrupted' });
  });

  test('since the last life of the operator costs no time', async () => {
    const world = worldOf({ trial: running() });
    await world.clock.advance(3_600_000);
    world.reconciler = world.restarted();
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, deviceSeconds: 0 });
  });
});

describe('a suspended search', () => {
  test('has its Pod deleted, its time counted, and its trial goes on afterwards', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running() });
    await world.reconcile();
    world.suspend(true);
    await world.reconcile();
    expect(world.calls).toEqual(['delete Pod night-0-0']);
    await world.clock.advance(2000);
    await world.reconcile();
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0, deviceSeconds: 2 });
    expect(world.conditions).toEqual({ Running: 'False Suspended' });
    expect(world.pods.objects.size).toBe(0);
    world.suspend(false);
    await world.reconcile();
    expect(world.calls.at(-1)).toBe('create Pod night-0-1');
  });

  test('asks once for the deletion of a Pod that takes its time', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running().deleting() });
    world.suspend(true);
    await world.reconcile();
    expect(world.calls).toEqual([]);
  });

  test('costs no retry where the trainer had to be killed', async () => {
    const world = worldOf({ trial: running(), pod: makePod().ended(137).deleting() });
    world.suspend(true);
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
  });

  test('starts no Pod', async () => {
    const world = worldOf();
    world.suspend(true);
    await world.reconcile();
    expect(world.calls).toEqual(['status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'False Suspended' });
  });
});

test('nothing is written where nothing has changed', async () => {
  const world = worldOf({ trial: running(), pod: makePod().running() });
  for (let i = 0; i < 3; i += 1) await world.reconcile();
  expect(world.calls).toEqual([]);
});

test('the world begins when the objects say', () => {
  expect(new World().clock.now()).toBe(START_MS);
});

describe('why a Pod had to go is on the Trial', () => {
  const messageOf = (world: ReturnType<typeof worldOf>) => world.status.conditions[0]?.message;

  test.each([
    [
      'the scheduler',
      makePod().ended(143).disrupted('PreemptionByScheduler'),
      'PreemptionByScheduler',
    ],
    ['a drain', makePod().ended(75).disrupted('EvictionByEvictionAPI'), 'EvictionByEvictionAPI'],
    ['Kueue', makePod().ended(75).disrupted('Preempted', 'TerminationTarget'), 'Preempted'],
    [
      'the kubelet',
      makePod().ended(137).disrupted('TerminationByKubelet').lost('Evicted'),
      'Evicted',
    ],
    ['nobody', makePod().ended(75), 'interrupted'],
  ])('of %s', async (_who, pod, word) => {
    const world = worldOf({ trial: running(), pod });
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
    expect(messageOf(world)).toBe(`${word}: goes on from the checkpoint`);
  });

  test('although nobody saw its end', async () => {
    const world = worldOf({ trial: running() });
    world.farewells.note(makePod().running().disrupted('PreemptionByScheduler').object);
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
    expect(messageOf(world)).toBe('PreemptionByScheduler: goes on from the checkpoint');
  });

  test('unless it is forgotten, as by a restart', async () => {
    const world = worldOf({ trial: running() });
    await world.reconcile();
    expect(messageOf(world)).toBe('the Pod is gone: goes on from the checkpoint');
  });
});

describe('a trial of a search that somebody else carries out', () => {
  test.each([
    ['is left alone', 'acme.example/queue', []],
    ['is none where that is us', 'bionas.dev/operator', ['create Pod night-0-0']],
  ])('%s', async (_story, managedBy, calls) => {
    const world = worldOf();
    const { metadata, ...search } = makeSearch({ managedBy });
    world.searches.put({ object: { ...search, metadata: { ...metadata, resourceVersion: '2' } } });
    await world.reconcile();
    expect(world.calls).toEqual(calls);
  });
});

test('a node that turns Pods away at once is not given them without a pause', async () => {
  const pod = makePod().lost('UnexpectedAdmissionError');
  const world = worldOf({ trial: makeTrial().waiting(), pod });
  await world.clock.advance(1_000);
  await world.reconcile();
  expect(await world.reconcile()).toEqual({ requeueAfter: 9_000 });
  await world.clock.advance(9_000);
  await world.reconcile();
  expect(world.calls).toEqual(['status of Trial night-0', 'create Pod night-0-1']);
  expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
});
