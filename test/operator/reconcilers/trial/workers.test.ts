// A trial of two workers from its first Pods to its end: what the reconciler makes, waits for, counts and takes away.
import { describe, expect, test } from 'vitest';
import { ForbiddenError } from '../../../../operator/runtime/index.ts';
import { makePod, makeTrial, type PodBuilder, resultReport } from '../../../builders/objects.ts';
import { worldOf } from './trial-world.ts';

const template = { workers: 2 };
const trial = () => makeTrial({ template });
const pod = (rank: number, attempt = 0) =>
  makePod(attempt).named(`night-0-${attempt}${rank === 0 ? '' : `-w${rank}`}`);
const going = (rank: number) => pod(rank).on('a').running();

function worldWith(object: ReturnType<typeof trial>, ...pods: PodBuilder[]) {
  const world = worldOf({ trial: object });
  for (const each of pods) world.pods.put(each);
  return world;
}

const becomes = (world: ReturnType<typeof worldOf>, { object }: PodBuilder) =>
  world.change(world.pods, object.metadata.name, object);

const MINUTE = 60_000;
const KEYS = ['default/night-0-0', 'default/night-0-0-w1'];
const podsIn = (world: ReturnType<typeof worldOf>) => [...world.pods.objects.keys()];

describe('Pods', () => {
  test('are made for both, once', async () => {
    const world = worldWith(trial());
    await world.reconcile();
    await world.reconcile();
    expect(podsIn(world)).toEqual(KEYS);
    expect(world.calls).toEqual(['create Pod night-0-0', 'create Pod night-0-0-w1']);
  });

  test('that an operator has not come to make are made by the next', async () => {
    const world = worldWith(trial());
    world.fate = (call) => (call === 'create Pod night-0-0-w1' ? 'crash before' : 'go');
    await expect(world.reconcile()).rejects.toThrow('before create Pod night-0-0-w1');
    world.fate = () => 'go';
    world.reconciler = world.restarted();
    await world.reconcile();
    expect(podsIn(world)).toEqual(KEYS);
  });

  test('of which one is refused are not there by halves', async () => {
    const world = worldWith(trial());
    const { fate } = world;
    world.fate = (call) => {
      if (call === 'create Pod night-0-0-w1') throw new ForbiddenError('exceeded quota');
      return fate(call);
    };
    await world.reconcile();
    expect(podsIn(world)).toEqual([]);
    expect(world.conditions).toMatchObject({ Running: 'False Refused' });
  });

  test('of a suspended search go, both', async () => {
    const world = worldWith(trial().running(), going(0), going(1));
    world.suspend(true);
    await world.reconcile();
    expect(podsIn(world)).toEqual([]);
  });
});

describe('an attempt', () => {
  test('trains once both do, and is paid for by both', async () => {
    const world = worldWith(trial().waiting(), going(0), pod(1));
    await world.clock.advance(20_000);
    await world.reconcile();
    expect(world.conditions).not.toHaveProperty('Running', 'True Training');
    becomes(world, going(1));
    await world.reconcile();
    expect(world.conditions).toMatchObject({ Running: 'True Training' });
    world.say(resultReport());
    await world.reconcile();
    expect(world.status.deviceSeconds).toBe(40);
  });

  test('that lost a worker ends as that one did, and another follows', async () => {
    const OOM = { reason: 'OOMKilled', to: 9 };
    const world = worldWith(trial().running(), going(0), going(1).ended(137, OOM));
    await world.clock.advance(10_000);
    await world.reconcile();
    expect(world.status.attempt).toBe(0);
    becomes(world, going(0).ended(76));
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 1, deviceSeconds: 19 });
    expect(world.conditions).toMatchObject({ Running: 'False OutOfMemory' });
    await world.reconcile();
    expect(podsIn(world).slice(2)).toEqual(['default/night-0-1', 'default/night-0-1-w1']);
  });

  test('whose Pod was deleted goes on at no cost, once the first has lost it', async () => {
    const world = worldWith(trial().running(), going(0));
    await world.reconcile();
    expect(podsIn(world)).toEqual(KEYS.slice(0, 1));
    expect(world.status.attempt).toBe(0);
    becomes(world, going(0).ended(76));
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
    expect(world.conditions).toMatchObject({ Running: 'False Interrupted' });
  });

  test('whose first Pod was deleted goes on at no cost, when the other is gone, too', async () => {
    const world = worldWith(trial().running(), going(1));
    await world.reconcile();
    expect(podsIn(world)).toEqual([]);
    expect(world.status.attempt).toBe(0);
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
    expect(world.conditions).toMatchObject({ Running: 'False Interrupted' });
  });

  test('is not begun anew where a worker is done and its node goes', async () => {
    const world = worldWith(trial().running(), going(0));
    await world.clock.advance(20 * MINUTE);
    await world.reconcile();
    expect(podsIn(world)).toEqual(KEYS.slice(0, 1));
    world.say(resultReport());
    await world.reconcile();
    expect(world.status.attempt).toBe(0);
    expect(world.conditions).toMatchObject({ Succeeded: 'True Trained' });
  });

  test('whose workers lost each other costs a retry', async () => {
    const world = worldWith(trial().running(), going(0).ended(76), going(1).ended(76));
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 1 });
    expect(world.conditions).toMatchObject({ Running: 'False WorkerLost' });
  });

  test.each<[string, number, string]>([
    ['is begun once more', 0, 'Running'],
    ['ends the trial once retries are spent', 1, 'Failed'],
  ])('that waited in vain for a worker %s', async (_story, retries, type) => {
    const waiting = pod(1).on('b');
    const world = worldWith(trial().afterRetries(retries).waiting(), going(0).ended(76), waiting);
    await world.clock.advance(MINUTE);
    await world.reconcile();
    expect(world.status.retries).toBe(1);
    const why = world.status.conditions.find((condition) => condition.type === type);
    expect(why).toMatchObject({ reason: 'WorkerLost' });
    expect(why?.message).toMatch(/^the trainer ended with exit code 76: worker 1 did not begin: /);
    expect(podsIn(world)).not.toContain('default/night-0-0-w1');
  });

  test('waits for the checkpoint of the first after an interruption', async () => {
    const world = worldWith(trial().running(), going(0), going(1).ended(75));
    await world.clock.advance(26_000);
    await world.reconcile();
    expect(world.calls).toContain('delete Pod night-0-0');
    expect(world.status.attempt).toBe(0);
    world.pods.put(going(0).deleting());
    await world.reconcile();
    expect(world.status.attempt).toBe(0);
    becomes(world, going(0).deleting().ended(75, { to: 40 }));
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
  });

  test('of which one hangs is given up, and it goes', async () => {
    const world = worldWith(trial().running(), going(0), going(1).ended(76));
    await world.clock.advance(26_000);
    await world.reconcile();
    expect(world.status).toMatchObject({ attempt: 1, retries: 1 });
    expect(podsIn(world)).toEqual(['default/night-0-0-w1']);
  });
});

test('once the trial has ended, a worker that waits for the first goes', async () => {
  const world = worldWith(trial().succeeded(), going(0), going(1));
  expect(await world.reconcile()).toHaveProperty('requeueAfter');
  expect(podsIn(world)).toHaveLength(2);
  becomes(world, going(0).ended(0));
  await world.reconcile();
  expect(podsIn(world)).toEqual(['default/night-0-0']);
});
