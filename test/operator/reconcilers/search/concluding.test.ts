import { describe, expect, test } from 'vitest';
import { makeTrial } from '../../../builders/objects.ts';
import { many, SearchWorld } from './search-world.ts';

describe('the end', () => {
  test('comes when the budget is spent and nothing is outstanding', async () => {
    const world = new SearchWorld({ budget: { trials: 3 }, parallelism: 2 });
    await world.run(2);
    expect(world.status.phase).toBe('Searching');
    await world.run(1, 2);
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.status.completionTime).toBeDefined();
  });

  test('comes early with a reached target, after what is outstanding', async () => {
    const objectives = [{ metric: 'accuracy', goal: 'maximize', target: 0.8 }];
    const world = new SearchWorld({ ...many, objectives });
    await world.reconcile();
    world.end('night-0001', { accuracy: 0.85 });
    await world.reconcile();
    expect(world.names).toHaveLength(3);
    expect(world.status.phase).toBe('Searching');
    world.end('night-0000');
    world.end('night-0002');
    await world.reconcile();
    expect(world.why('Completed')).toBe('True TargetReached');
  });

  test('is a failure where too many trials fail', async () => {
    const world = new SearchWorld({ budget: { trials: 9, failedTrials: 1 } });
    for (const name of ['night-0000', 'night-0001']) {
      await world.reconcile();
      world.end(name, { failed: true });
    }
    await world.reconcile();
    expect(world.why('Failed')).toBe('True TooManyFailures');
    expect(world.status.trials).toMatchObject({ proposed: 2, failed: 2 });
  });

  test('comes by the clock: a search with a wallClock looks again when it is over', async () => {
    const world = new SearchWorld({ budget: { trials: 9, wallClock: '1m' } });
    await world.reconcile();
    await world.clock.advance(20_000);
    expect(await world.reconcile()).toEqual({ requeueAfter: 40_000 });
    await world.clock.advance(40_000);
    expect(await world.reconcile()).toEqual({});
    world.end('night-0000');
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.records).toHaveLength(1);
  });
});

describe('the final stage', () => {
  const spec = { budget: { trials: 3 }, final: { topK: 2 } };

  test('retrains the best, once, and ends the search', async () => {
    const world = new SearchWorld(spec);
    await world.run(3);
    world.restart();
    await world.reconcile();
    expect(world.status.phase).toBe('Finalizing');
    const finals = [...world.trials.objects.values()].filter((t) => t.spec.purpose === 'Final');
    // Accuracies were 0, 0.7, 0.4.
    expect(finals.map(({ metadata, spec }) => [metadata.name, spec.parent])).toEqual([
      ['night-final-0', 1],
      ['night-final-1', 2],
    ]);
    world.end('night-final-0', { testAccuracy: 0.6 });
    world.end('night-final-1', { testAccuracy: 0.9 });
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.status.final.map(({ trial }) => trial)).toEqual([
      'night-final-1',
      'night-final-0',
    ]);
    expect(world.records).toHaveLength(5);
  });

  test('that trains nothing is a failure', async () => {
    const world = new SearchWorld(spec);
    await world.run(3);
    world.end('night-final-0', { failed: true });
    world.end('night-final-1', { failed: true });
    await world.reconcile();
    expect(world.why('Failed')).toBe('True FinalFailed');
  });

  test('is not undone by a larger budget', async () => {
    const world = new SearchWorld(spec);
    await world.run(3);
    world.edit({ ...spec, budget: { trials: 30 } });
    await world.reconcile();
    expect(world.names).toHaveLength(5);
    world.end('night-final-0', { testAccuracy: 0.6 });
    world.end('night-final-1', { testAccuracy: 0.9 });
    await world.reconcile();
    expect(world.status.phase).toBe('Completed');
  });
});

describe('edits act at once', () => {
  test.each([
    ['more parallelism', { ...many, parallelism: 5 }, 5],
    ['a larger budget', { budget: { trials: 12 }, parallelism: 4 }, 4],
    ['less parallelism starts nothing', { ...many, parallelism: 1 }, 3],
  ])('%s', async (_what, spec, expected) => {
    const world = new SearchWorld(many);
    await world.reconcile();
    world.edit(spec);
    await world.reconcile();
    expect(world.names).toHaveLength(expected);
  });

  test('a smaller budget ends the search with what it has', async () => {
    const world = new SearchWorld({ ...many, parallelism: 1 });
    await world.run(2);
    world.edit({ budget: { trials: 3 }, parallelism: 1 });
    world.end('night-0002');
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
  });

  test('suspension proposes nothing, and leaves the clock alone where nothing was proposed', async () => {
    const world = new SearchWorld({ ...many, suspend: true });
    await world.reconcile();
    expect(world.names).toEqual([]);
    expect(world.status).toMatchObject({ phase: 'Suspended' });
    expect(world.status.startTime).toBeUndefined();
    world.edit(many);
    await world.reconcile();
    expect(world.names).toHaveLength(3);
    expect(world.why('Suspended')).toBe('False Searching');
  });

  test('a suspended search whose time is over does not look at the clock for ever', async () => {
    const world = new SearchWorld({ ...many, budget: { trials: 9, wallClock: '1s' } });
    await world.reconcile();
    world.edit({ ...many, suspend: true, budget: { trials: 9, wallClock: '1s' } });
    await world.clock.advance(5000);
    expect(await world.reconcile()).toEqual({});
  });
});

describe('the status', () => {
  test('is written only when something has changed, however long Pods run', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    const { status } = makeTrial().waiting().running(0).object;
    world.change(world.trials, 'night-0001', { status });
    await world.clock.advance(1000);
    await world.reconcile();
    const { length } = world.calls;
    for (let i = 0; i < 3; i += 1) {
      await world.clock.advance(60_000);
      await world.reconcile();
    }
    expect(world.calls.slice(length)).toEqual([]);
  });

  test('of numbers that grow is written once a second at most, a turn at once', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    world.end('night-0000');
    expect(await world.reconcile()).toEqual({ requeueAfter: 1000 });
    await world.clock.advance(400);
    expect(await world.reconcile()).toEqual({ requeueAfter: 600 });
    expect(world.status.trials.succeeded).toBe(0);
    world.edit({ ...many, suspend: true });
    await world.reconcile();
    expect(world.status).toMatchObject({ phase: 'Suspended', trials: { succeeded: 1 } });
    expect(world.happenings).toEqual(['Normal Searching of night', 'Normal Suspended of night']);
  });

  test('adds up device time to a tenth of a second', async () => {
    const world = new SearchWorld({ ...many, parallelism: 2 });
    await world.reconcile();
    world.end('night-0000', { deviceSeconds: 10.26 });
    world.end('night-0001', { deviceSeconds: 0.5 });
    await world.clock.advance(1000);
    await world.reconcile();
    expect(world.status.deviceSeconds).toBe(10.8);
  });

  test('of an ended search is left alone', async () => {
    const world = new SearchWorld({ budget: { trials: 1 } });
    await world.run(1);
    const { length } = world.calls;
    world.restart();
    await world.clock.advance(1e6);
    await world.reconcile();
    expect(world.calls.slice(length)).toEqual([]);
  });
});
