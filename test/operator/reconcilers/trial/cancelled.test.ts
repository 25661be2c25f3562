// A trial for which its search has no device time left.
import { expect, test } from 'vitest';
import { makePod, makeTrial, resultReport } from '../../../builders/objects.ts';
import { worldOf } from './trial-world.ts';

const cancelled = () => makeTrial({ cancel: 'nothing is left' });

test('ends, and its Pod goes; its time counts', async () => {
  const world = worldOf({ trial: cancelled().running(), pod: makePod().running() });
  await world.clock.advance(10_000);
  await world.reconcile();
  expect(world.calls).toEqual(['delete Pod night-0-0', 'status of Trial night-0']);
  expect(world.conditions).toEqual({ Running: 'False BudgetSpent', Failed: 'True BudgetSpent' });
  expect(world.status.deviceSeconds).toBe(10);
  expect(world.happenings).toEqual(['Warning BudgetSpent of night-0']);
});

test.each([
  ['before its Pod is there', makeTrial, 0],
  ['after its Pod is gone', () => makeTrial().running(), 4],
])('ends %s, without another', async (_when, of, seconds) => {
  const trial = of();
  const spec = { ...trial.object.spec, cancel: 'nothing is left' };
  const world = worldOf({
    trial: Object.assign(Object.create(trial), { object: { ...trial.object, spec } }),
  });
  await world.clock.advance(4_000);
  await world.reconcile();
  expect(world.calls).toEqual(['status of Trial night-0']);
  expect(world.conditions).toMatchObject({ Failed: 'True BudgetSpent' });
  expect(world.status.deviceSeconds).toBe(seconds);
});

test('that has its result already keeps it', async () => {
  const world = worldOf({ trial: cancelled().running(), pod: makePod().running() });
  world.say(resultReport());
  await world.reconcile();
  expect(world.conditions).toMatchObject({ Succeeded: 'True Trained' });
});

test('whose Pod ended well waits for the result', async () => {
  const world = worldOf({ trial: cancelled().running(), pod: makePod().ended(0, { to: 1 }) });
  await world.clock.advance(4_000);
  await world.reconcile();
  expect(world.calls).toEqual([]);
});
