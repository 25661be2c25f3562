import { describe, expect, test } from 'vitest';
import {
  failureReport,
  makePod,
  makeResult,
  makeTrial,
  resultReport,
} from '../../../builders/objects.ts';
import { running, worldOf } from './trial-world.ts';

describe('the result', () => {
  test('is the end of the trial, in one write, whatever the Pod still does', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running() });
    await world.clock.advance(12_345);
    world.say(resultReport());
    await world.reconcile();
    expect(world.acknowledged).toBe(1);
    expect(world.calls).toEqual(['status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'False Trained', Succeeded: 'True Trained' });
    expect(world.status.deviceSeconds).toBeCloseTo(12.345, 3);
    expect(world.happenings).toEqual([]);
  });

  test('leaves a Pod a minute to end, then has it deleted', async () => {
    const world = worldOf({ trial: running(), pod: makePod().running() });
    world.say(resultReport());
    await world.reconcile();
    await world.clock.advance(20_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 40_000 });
    await world.clock.advance(40_000);
    await world.reconcile();
    expect(world.calls.at(-1)).toBe('delete Pod night-0-0');
  });

  test.each([
    ['a Pod that failed', makePod().ended(1)],
    ['a Pod whose node is lost', makePod().lost('NodeLost')],
    ['a Pod that is gone', undefined],
  ])('counts with %s', async (_what, pod) => {
    const world = worldOf({ trial: running(), ...(pod && { pod }) });
    world.say(resultReport());
    await world.reconcile();
    expect(world.conditions).toMatchObject({ Succeeded: 'True Trained' });
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

  test('of a network that was ruled out ends the trial, costs no retry and says why', async () => {
    const constraints = [
      { metric: 'parameters', max: 500 },
      { metric: 'accuracy', min: 0.95 },
    ];
    const trial = makeTrial({ constraints }).waiting().running();
    const world = worldOf({ trial, pod: makePod().ended(0) });
    world.say(resultReport(makeResult({}, 'Infeasible')));
    await world.reconcile();
    expect(world.conditions).toEqual({ Running: 'False Infeasible', Succeeded: 'True Infeasible' });
    expect(world.status).toMatchObject({ attempt: 0, retries: 0 });
    const ended = world.status.conditions.find(({ type }) => type === 'Succeeded');
    expect(ended?.message).toBe('not trained: parameters 1000 is above max 500');
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
