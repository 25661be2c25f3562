import { describe, expect, test } from 'vitest';
import { type Report, TrialStatus } from '../../../../crds/index.ts';
import { ConflictError, InvalidError } from '../../../../operator/runtime/index.ts';
import {
  at,
  failureReport,
  makePod,
  makeResult,
  makeSearch,
  makeTrial,
  resultReport,
  START_MS,
} from '../../../builders/objects.ts';
import { reconcile, World } from '../world.ts';

/** A world in which the search `night` exists, and an inbox that tests fill. */
class TrialWorld extends World {
  readonly waiting: { report: Report; ack: () => void }[] = [];
  acknowledged = 0;
  reconciler = this.restarted();

  constructor() {
    super();
    this.searches.put({ object: makeSearch() });
  }

  restarted() {
    return this.trialReconciler({
      pending: () => [...this.waiting],
      settle: (_uid, done) => {
        this.acknowledged += done.length;
        for (const each of done) this.waiting.splice(this.waiting.indexOf(each as never), 1);
      },
    });
  }

  say(report: Report): void {
    this.waiting.push({ report, ack: () => {} });
  }

  reconcile() {
    return reconcile(this.reconciler, 'night-0');
  }

  suspend(suspend: boolean): void {
    this.searches.put({
      object: {
        ...makeSearch({ suspend }),
        metadata: { ...makeSearch().metadata, resourceVersion: `s${suspend}` },
      },
    });
  }

  get status(): TrialStatus {
    return TrialStatus.parse(this.trials.objects.get('default/night-0')?.status);
  }

  get conditions(): Record<string, string> {
    const entries = this.status.conditions.map(({ type, status, reason }) => [
      type,
      `${status} ${reason}`,
    ]);
    return Object.fromEntries(entries);
  }
}

function worldOf({
  trial = makeTrial(),
  pod,
}: {
  trial?: ReturnType<typeof makeTrial>;
  pod?: ReturnType<typeof makePod>;
} = {}) {
  const world = new TrialWorld();
  world.trials.put(trial);
  if (pod !== undefined) world.pods.put(pod);
  return world;
}

const running = () => makeTrial().waiting().running();

describe('the Pod', () => {
  test('is made once, and the trial waits for it', async () => {
    const world = worldOf();
    await world.reconcile();
    await world.reconcile();
    expect(world.calls).toEqual(['create Pod night-0-0', 'status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'False Pending' });
  });

  test('is made once although the cache lags behind', async () => {
    const world = worldOf();
    world.lags = true;
    await world.reconcile();
    await expect(world.reconcile()).rejects.toThrow(ConflictError);
    expect([...world.pods.objects.keys()]).toEqual(['default/night-0-0']);
  });

  test('that runs makes the trial run', async () => {
    const world = worldOf({ trial: makeTrial().waiting(), pod: makePod().running() });
    await world.clock.advance(2000);
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
    expect(world.status).toMatchObject({ attempt: 0, retries: 0 });
    expect(world.conditions).toEqual({ Running: 'False Pending' });
  });
});

describe('the result', () => {
  test('before the end of the Pod: the trial succeeds when the Pod ends', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running() });
    world.say(resultReport());
    await world.reconcile();
    expect(world.acknowledged).toBe(1);
    expect(world.conditions).toEqual({ Running: 'True Training' });
    world.change(world.pods, 'night-0-0', makePod().ended(0, { to: 12.345 }).object);
    await world.reconcile();
    expect(world.conditions).toEqual({ Running: 'False Trained', Succeeded: 'True Trained' });
    expect(world.status.deviceSeconds).toBeCloseTo(12.345, 3);
  });

  test('after the end of the Pod: the trial waits for it', async () => {
    const world = worldOf({ trial: running(), pod: makePod().ended(0, { to: 1 }) });
    await world.clock.advance(4000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 7000 });
    expect(world.calls).toEqual([]);
    world.say(resultReport(makeResult({}, 'Diverged')));
    await world.reconcile();
    expect(world.conditions).toEqual({ Running: 'False Diverged', Succeeded: 'True Diverged' });
  });

  test('that never comes costs a retry after the grace', async () => {
    const world = worldOf({ trial: running(), pod: makePod().ended(0, { to: 1 }) });
    await world.clock.advance(11_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 0 });
    expect(world.status).toMatchObject({ attempt: 1, retries: 1 });
  });

  test('of a Pod that ended while no operator listened has its grace from the restart', async () => {
    const world = worldOf({ trial: running(), pod: makePod().ended(0, { to: 1 }) });
    await world.clock.advance(3_600_000);
    world.reconciler = world.restarted();
    expect(await world.reconcile()).toEqual({ requeueAfter: 10_000 });
  });

  test('that comes late, for a finished trial, is acknowledged and changes nothing', async () => {
    const world = worldOf({ trial: running().withResult().succeeded() });
    world.say(resultReport(makeResult({ accuracy: 0 })));
    world.say(failureReport('too late'));
    await world.reconcile();
    expect(world.acknowledged).toBe(2);
    expect(world.calls).toEqual([]);
  });

  test('is acknowledged only once it is written', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running() });
    world.say(resultReport());
    world.fate = () => 'crash before';
    await expect(world.reconcile()).rejects.toThrow('before status of Trial');
    expect(world.acknowledged).toBe(0);
  });
});

describe('an attempt that ends without a result', () => {
  test.each([
    ['75, interrupted', makePod().ended(75), { attempt: 1, retries: 0 }],
    ['evicted', makePod().ended(137).lost('Evicted'), { attempt: 1, retries: 0 }],
    ['its node lost', makePod().lost('NodeLost'), { attempt: 1, retries: 0 }],
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
    expect(world.calls.at(-2)).toBe('create Pod night-0-1');
    expect(world.conditions).toEqual({ Running: 'False Pending' });
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
