// A search with constraints: infeasible trials are results, steer it, and are never chosen.
import { describe, expect, test } from 'vitest';
import type { TrialResult } from '../../../../crds/index.ts';
import { toEvent } from '../../../../operator/reconcilers/index.ts';
import { makeResult } from '../../../builders/objects.ts';
import { SearchWorld } from './search-world.ts';

const constraints = [
  { metric: 'parameters', max: 800 },
  { metric: 'accuracy', min: 0.5 },
];
const spec = { constraints, algorithm: { name: 'nsga2' } };

const untrained = (parameters: number): TrialResult => {
  const { accuracy: _, loss: __, ...metrics } = makeResult({ parameters }).metrics;
  return { ...makeResult(), outcome: 'Infeasible', metrics };
};
const trained = (accuracy: number) => makeResult({ parameters: 700, accuracy });

/** Trials end one after the other with these results. */
async function worldWith(results: readonly TrialResult[], more: Record<string, unknown> = {}) {
  const budget = { trials: results.length };
  const world = new SearchWorld({ ...spec, budget, ...more });
  for (const [i, result] of results.entries()) {
    await world.clock.advance(1000);
    await world.reconcile();
    world.end(`night-000${i}`, { result });
  }
  await world.reconcile();
  return world;
}

describe('infeasible trials', () => {
  const results = [untrained(1000), trained(0.6), trained(0.25), trained(0.55)];

  test('count as succeeded, in the budget, and not among the best', async () => {
    const world = await worldWith(results);
    expect(world.status.trials).toMatchObject({ succeeded: 4, infeasible: 2, failed: 0 });
    expect(world.status.best.map(({ index }) => index)).toEqual([1, 3]);
    expect(world.why('Completed')).toBe('True BudgetSpent');
  });

  test('are in the ledger with their violation, and the engine is told of it', async () => {
    const { records } = await worldWith(results);
    expect(records.map(({ outcome, violation }) => [outcome, violation])).toEqual([
      ['Infeasible', 0.25],
      ['Trained', undefined],
      ['Trained', 0.5],
      ['Trained', undefined],
    ]);
    expect(records.map((record) => toEvent(record))).toMatchObject([
      { outcome: { kind: 'infeasible', violation: 0.25 } },
      { outcome: { kind: 'scored', objectives: [0.6] } },
      { outcome: { kind: 'scored', objectives: [0.25], violation: 0.5 } },
      { outcome: { kind: 'scored', objectives: [0.55] } },
    ]);
  });

  test('come back in a replay', async () => {
    const more = {
      budget: { trials: 9 },
      algorithm: { name: 'nsga2', settings: { population: 4 } },
    };
    const world = await worldWith(results, more);
    await world.clock.advance(2000);
    await world.reconcile();
    const before = world.status;
    world.restart();
    await world.reconcile();
    expect(world.status).toEqual(before);
    world.end('night-0004', { result: trained(0.9) });
    await world.clock.advance(2000);
    await world.reconcile();
    expect(world.status.trials).toMatchObject({ succeeded: 5, infeasible: 2 });
  });

  test('are no final network: fewer are trained than asked for', async () => {
    const world = await worldWith(results, { final: { topK: 3 } });
    const finals = [...world.trials.objects.values()].filter((t) => t.spec.purpose === 'Final');
    expect(finals.map(({ spec: { parent } }) => parent)).toEqual([1, 3]);
    expect(finals.every((trial) => trial.spec.constraints === undefined)).toBe(true);
  });

  test('alone are a failure of the search that says which was nearest', async () => {
    const world = await worldWith([untrained(1600), untrained(1000), trained(0.3)], {
      final: { topK: 1 },
    });
    expect(world.why('Failed')).toBe('True NoneFeasible');
    const failed = world.status.conditions.find(({ type }) => type === 'Failed');
    expect(failed?.message).toBe(
      '3 of 3 trials were used, and none is within spec.constraints: 3 outside, night-0001 is the nearest, 0.25 of the bounds outside',
    );
  });

  test('reach no target', async () => {
    const objectives = [{ metric: 'loss', goal: 'minimize', target: 0.5 }];
    const world = await worldWith([trained(0.3)], { objectives, budget: { trials: 9 } });
    expect(world.status.phase).toBe('Searching');
  });
});

describe('a record of before there were constraints', () => {
  test('is one of a feasible trial', async () => {
    const world = await worldWith([trained(0.6)], { constraints: [] });
    const [record] = world.records;
    expect(record).not.toHaveProperty('violation');
    expect(toEvent(record!).kind).toBeUndefined();
    expect(toEvent(record!)).toMatchObject({ outcome: { kind: 'scored', objectives: [0.6] } });
  });
});

describe('a search trial is told', () => {
  const specOf = async (fields: Record<string, unknown>) => {
    const world = new SearchWorld(fields);
    await world.reconcile();
    return world.trials.objects.values().next().value!.spec;
  };

  test('nothing where neither objectives nor constraints ask for more', async () => {
    const told = await specOf({});
    expect(told).not.toHaveProperty('measures');
    expect(told).not.toHaveProperty('constraints');
  });

  test('what to measure, how, and what it must be', async () => {
    const told = await specOf({
      objectives: [
        { metric: 'accuracy', goal: 'maximize' },
        { metric: 'robustAccuracy', goal: 'maximize' },
      ],
      constraints: [
        { metric: 'synflow', min: 10 },
        { metric: 'macs', max: 1e6 },
      ],
      measurement: { robustAccuracy: { epsilon: 4 }, latency: { runs: 3 } },
    });
    expect(told.measures).toEqual({
      robustAccuracy: { epsilon: 4, steps: 10, pictures: 300 },
      synflow: true,
    });
    expect(told.constraints).toEqual([
      { metric: 'synflow', min: 10 },
      { metric: 'macs', max: 1e6 },
    ]);
  });
});
