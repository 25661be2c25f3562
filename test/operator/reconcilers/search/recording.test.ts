// A record goes where the operator knows the history to end. Where something else came first, the history is read again, and
// the search goes on from what it says.
import { expect, test } from 'vitest';
import { recordOf } from '../../../../operator/reconcilers/search/record.ts';
import { ConflictError } from '../../../../operator/runtime/index.ts';
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
      const record = late && recordOf(late, uid, world.search.spec.objectives);
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
