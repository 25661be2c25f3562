// A trial at a rung: it pauses without a Pod, goes on by its search's word from the checkpoint, or ends as it is.
import { describe, expect, test } from 'vitest';
import { holdOf } from '../../../../operator/reconcilers/trial/index.ts';
import {
  makePod,
  makeResult,
  makeSearch,
  makeTrial,
  resultReport,
} from '../../../builders/objects.ts';
import { worldOf } from './trial-world.ts';

const atRung = () => makeTrial({ training: { epochs: 9 }, fidelity: { epochs: 1, pause: true } });

/** Its first trainer has said what it found, and ended. */
async function paused() {
  const world = worldOf({
    trial: atRung().waiting().running(),
    pod: makePod().ended(0, { to: 10 }),
  });
  world.say(resultReport());
  await world.reconcile();
  return world;
}

type Paused = Awaited<ReturnType<typeof paused>>;

/** As the search writes it. */
function fidelity(world: Paused, epochs: number, pause: boolean): void {
  const trial = world.trials.objects.get('default/night-0');
  if (trial === undefined) throw new Error('the trial is gone');
  world.change(world.trials, 'night-0', { spec: { ...trial.spec, fidelity: { epochs, pause } } });
}

describe('a result at a rung', () => {
  test('pauses the trial, in one write', async () => {
    const world = await paused();
    expect(world.calls).toEqual(['status of Trial night-0']);
    expect(world.conditions).toEqual({ Running: 'False Paused', Paused: 'True Paused' });
    expect(world.status.rungs).toMatchObject([
      { epochs: 1, attempt: 0, metrics: { accuracy: 0.9 } },
    ]);
    expect(world.status).toMatchObject({ deviceSeconds: 10, retries: 0 });
    expect(world.happenings).toEqual([]);
  });

  test('is written once: nothing follows, however long it waits', async () => {
    const world = await paused();
    for (const hours of [1, 100]) {
      await world.clock.advance(hours * 3_600_000);
      expect(await world.reconcile()).toEqual({});
    }
    expect(world.calls).toHaveLength(1);
  });

  test.each([
    ['diverged', makeResult({}, 'Diverged'), 'True Diverged'],
    ['was stopped', { ...makeResult(), stopped: 'Plateau' as const }, 'True StoppedEarly'],
  ])('that %s ends it', async (_how, result, want) => {
    const world = worldOf({ trial: atRung().waiting().running(), pod: makePod().ended(0) });
    world.say(resultReport(result));
    await world.reconcile();
    expect(world.conditions['Succeeded']).toBe(want);
    expect(world.status.rungs).toBeUndefined();
  });

  test('leaves a trainer a minute to end', async () => {
    const world = worldOf({ trial: atRung().waiting().running(), pod: makePod().running() });
    world.say(resultReport());
    await world.reconcile();
    expect(await world.reconcile()).toEqual({ requeueAfter: 60_000 });
    await world.clock.advance(60_000);
    await world.reconcile();
    expect(world.calls.at(-1)).toBe('delete Pod night-0-0');
  });
});

describe('a promotion', () => {
  test('is another Pod that is told to train further, and costs no retry', async () => {
    const world = await paused();
    fidelity(world, 3, true);
    expect(await world.reconcile()).toEqual({ requeueAfter: 0 });
    expect(world.status).toMatchObject({ attempt: 1, retries: 0 });
    expect(world.status.result).toBeUndefined();
    expect(world.conditions).toEqual({ Running: 'False Promoted', Paused: 'False Promoted' });
    await world.reconcile();
    expect(world.calls.slice(1)).toEqual(['status of Trial night-0', 'create Pod night-0-1']);
    expect(world.happenings).toEqual([]);
  });

  test('waits until the last trainer is gone: two would share a checkpoint', async () => {
    const world = worldOf({ trial: atRung().waiting().running(), pod: makePod().running() });
    world.say(resultReport());
    await world.reconcile();
    fidelity(world, 3, true);
    expect(await world.reconcile()).toEqual({ requeueAfter: 60_000 });
    expect(world.status.attempt).toBe(0);
  });

  test('is not undone by what a trainer of the rung before says late', async () => {
    const world = await paused();
    fidelity(world, 3, true);
    await world.reconcile();
    world.say(resultReport());
    await world.reconcile();
    expect(world.status.result).toBeUndefined();
    expect(world.waiting).toEqual([]);
  });

  test('to the whole training ends with its result', async () => {
    const world = await paused();
    fidelity(world, 9, false);
    await world.reconcile();
    await world.reconcile();
    world.say(resultReport(makeResult({ accuracy: 0.95 }), 1));
    await world.reconcile();
    expect(world.conditions['Succeeded']).toBe('True Trained');
    expect(world.status.result?.metrics.accuracy).toBe(0.95);
    expect(world.status.rungs).toHaveLength(1);
  });
});

test('a trial that is let go ends with what it had at its rung', async () => {
  const world = await paused();
  fidelity(world, 1, false);
  await world.reconcile();
  expect(world.conditions).toEqual({
    Running: 'False NotPromoted',
    Paused: 'False NotPromoted',
    Succeeded: 'True NotPromoted',
  });
  expect(world.status).toMatchObject({ deviceSeconds: 10, result: { metrics: { accuracy: 0.9 } } });
});

test('a paused trial holds back no younger one', async () => {
  const world = await paused();
  const older = world.trials.objects.get('default/night-0');
  if (older === undefined) throw new Error('the trial is gone');
  const younger = makeTrial({ index: 1 }).object;
  expect(holdOf(younger, makeSearch(), [older, younger])).toBeUndefined();
});
