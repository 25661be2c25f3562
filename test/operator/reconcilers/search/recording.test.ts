// A record goes where the operator knows the history to end. Where something else came first, the history is read again, and
// the search goes on from what it says.
import { describe, expect, test } from 'vitest';
import { isFinished } from '../../../../operator/reconcilers/index.ts';
import { recordOf } from '../../../../operator/reconcilers/search/record.ts';
import { ConflictError } from '../../../../operator/runtime/index.ts';
import { Crash } from '../world.ts';
import { SearchWorld } from './search-world.ts';

const evolution = { name: 'regularized-evolution', settings: { population: 3, sample: 2 } };

test.each([
  ['while the search is recalled', true],
  ['between two records', false],
])('a record that comes late, %s, keeps its place', async (_when, restarts) => {
  const world = new SearchWorld({
    algorithm: evolution,
    budget: { trials: 6 },
    parallelism: 2,
    final: { topK: 0 },
  });
  await world.reconcile();
  const { uid } = world.search.metadata;
  world.end('night-0001', { accuracy: 0.2, endedMs: world.clock.now() });
  world.end('night-0000', { accuracy: 0.9, endedMs: world.clock.now() + 1_000 });
  if (restarts) world.restart();
  world.fate = (call) => {
    if (call === 'append' && world.ledger.entries.length === 0) {
      const late = world.trials.objects.get('default/night-0000');
      const record = late && recordOf(late, { search: uid, aims: world.search.spec });
      world.ledger.entries.push({ search: uid, sequence: 1, record });
    }
    return 'go';
  };
  await expect(world.reconcile()).rejects.toThrow(ConflictError);
  await world.reconcile();
  await world.run(4, 2);
  world.restart();
  await world.reconcile();
  expect(world.records.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(world.why('Completed')).toBe('True BudgetSpent');
});

describe('a create whose outcome is unknown', () => {
  const many = { algorithm: evolution, budget: { trials: 12 }, parallelism: 4, final: { topK: 0 } };

  /** All trials end in their order; the search must then be one that a restarted operator replays. */
  async function finish(world: SearchWorld): Promise<void> {
    for (let i = 0; i < 20; i += 1) {
      await world.clock.advance(1_000);
      await world.reconcile();
      for (const { metadata, status } of [...world.trials.objects.values()])
        if (!isFinished(status)) world.end(metadata.name, { accuracy: (i * 0.37) % 1 });
    }
    world.restart();
    await world.reconcile();
    expect(world.why('Completed')).toBe('True BudgetSpent');
    expect(world.why('Ready')).not.toContain('InvalidSpec');
  }

  test.each([
    ['came to pass, unheard of', 'crash after'],
    ['did not', 'crash before'],
  ] as const)(
    'is repeated as it was, where it %s, whatever ended meanwhile',
    async (_what, fate) => {
      const world = new SearchWorld(many);
      await world.reconcile();
      for (const name of ['night-0000', 'night-0001']) world.end(name, { accuracy: 0.3 });
      world.lags = true;
      let creates = 0;
      world.fate = (call) => (call.startsWith('create') && creates++ === 0 ? fate : 'go');
      await expect(world.reconcile()).rejects.toThrow(Crash);
      world.fate = () => 'go';
      for (const name of ['night-0002', 'night-0003']) {
        world.end(name, { accuracy: 0.8 });
        const ended = world.trials.objects.get(`default/${name}`);
        if (ended !== undefined) world.trials.cache.set(ended);
      }
      await world.reconcile();
      world.lags = false;
      world.catchUp();
      await finish(world);
      expect(world.records).toHaveLength(12);
    },
  );

  test('holds its neighbours back until the API server has agreed with what a restart recalled', async () => {
    const world = new SearchWorld(many);
    await world.reconcile();
    world.restart();
    await world.reconcile();
    for (const name of ['night-0000', 'night-0001']) world.end(name, { accuracy: 0.3 });
    const first = world.trials.objects.get('default/night-0000')!;
    const other = { ...first.spec, index: 4, proposedAfter: 1 };
    const metadata = { ...first.metadata, name: 'night-0004', uid: 'unheard-of' };
    world.trials.change({ ...first, metadata, spec: other }, true);
    world.lags = true;
    await expect(world.reconcile()).rejects.toThrow(ConflictError);
    expect(world.calls).not.toContain('create Trial night-0005');
  });
});
