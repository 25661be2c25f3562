// A search whose trials pause: who is sent on, what that costs, and what is left at the end.
import { describe, expect, test } from 'vitest';
import { Machine } from './machine.ts';
import { SearchWorld } from './search-world.ts';

const asha = (spec = {}) => ({
  scheduling: { name: 'asha' },
  training: { epochs: 9 },
  budget: { trials: 9 },
  ...spec,
});

async function finished(spec = {}) {
  const machine = new Machine(asha(spec));
  await machine.finish();
  return machine.world;
}

describe('ASHA', () => {
  test('shows its rungs: who came, who went on, and the best there', async () => {
    const { status } = await finished();
    expect(status.phase).toBe('Completed');
    expect(status.rungs?.map(({ epochs, trials, promoted }) => [epochs, trials, promoted])).toEqual(
      [
        [1, 9, 3],
        [3, 3, 1],
        [9, 1, 0],
      ],
    );
    for (const { best } of status.rungs ?? []) expect(best).toBeGreaterThan(0);
  });

  test('writes few times a trial: created, sent on, let go', async () => {
    const { calls } = await finished();
    const of = (call: string) => calls.filter((each) => each.startsWith(call)).length;
    expect(of('create Trial')).toBe(9);
    expect(of('patch Trial')).toBe(4 + 8);
    expect(of('create Pod')).toBe(9 + 4);
  });

  test('ends every trial, those that were not promoted with the score of their rung', async () => {
    const { records } = await finished({ final: { topK: 0 } });
    expect(records.map(({ outcome }) => outcome)).toEqual(Array(9).fill('Trained'));
    const reasons = Map.groupBy(records, ({ reason }) => reason);
    expect([...reasons].map(([reason, { length }]) => [reason, length])).toEqual([
      ['Trained', 1],
      ['NotPromoted', 8],
    ]);
    for (const { objectives } of records) expect(objectives).toHaveLength(1);
  });

  test('tells the algorithm of every trial when it first pauses, as all are trained equally long then', async () => {
    const algorithm = { name: 'regularized-evolution', settings: { population: 3, sample: 2 } };
    const { records } = await finished({ algorithm, final: { topK: 0 } });
    expect(records.filter(({ parent }) => parent !== undefined)).toHaveLength(6);
  });
});

describe('places', () => {
  test('are those of trials that train: a paused one leaves its place', async () => {
    const world = new SearchWorld(asha({ parallelism: 2 }));
    await world.reconcile();
    expect(world.names).toHaveLength(2);
    expect(world.trials.objects.get('default/night-0000')?.spec.fidelity).toEqual({
      epochs: 1,
      pause: true,
    });
  });
});

test('without a scheduler a Trial is what it always was', async () => {
  const world = new SearchWorld();
  await world.reconcile();
  const { spec } = world.trials.objects.get('default/night-0000') ?? {};
  expect(spec?.fidelity).toEqual({ epochs: 1 });
  expect(spec).not.toHaveProperty('stopping');
  expect(world.status).not.toHaveProperty('rungs');
  expect(world.status.trials).not.toHaveProperty('paused');
});

describe('median stop', () => {
  test('gives a trial the bars of those that had ended when it was proposed', async () => {
    const machine = new Machine({
      scheduling: { name: 'median-stop', others: 2, minEpochs: 1 },
      budget: { trials: 4 },
      final: { topK: 0 },
    });
    const { trials } = machine.world;
    await machine.finish();
    const stopping = [...trials.objects.values()].map(({ spec }) => spec.stopping?.bars?.length);
    expect(stopping).toEqual([undefined, undefined, 1, 1]);
  });
});

test('a promotion that the operator did not live to write into the Trial is made up for', async () => {
  const machine = new Machine(asha());
  const { world } = machine;
  world.fate = (call) => (call.startsWith('patch Trial') ? 'crash before' : 'go');
  for (let i = 0; i < 60; i += 1) {
    await machine.turn(i).catch(() => undefined);
    machine.work(i);
  }
  const promotions = () =>
    world.history.filter((record) => 'kind' in record && record.kind === 'promotion');
  expect(promotions()).toHaveLength(1);
  machine.restart(false);
  await machine.finish();
  expect(world.status.phase).toBe('Completed');
  expect(promotions()).toHaveLength(4);
});

test('a search whose ledger was lost takes over what its paused Trials say', async () => {
  const machine = new Machine(asha({ final: { topK: 0 } }));
  const { world } = machine;
  for (let i = 0; i < 60; i += 1) {
    await machine.turn(i);
    machine.work(i);
  }
  const before = world.history.map(({ index }) => index);
  expect(before.length).toBeGreaterThan(3);
  await world.ledger.forget('night-uid');
  machine.restart(false);
  await machine.finish();
  expect(world.happenings).toContain('Warning LedgerLost of night');
  expect(world.status).toMatchObject({ phase: 'Completed', trials: { succeeded: 9 } });
  expect(world.records.map(({ index }) => index).toSorted()).toEqual([...Array(9).keys()]);
});
