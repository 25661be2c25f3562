// Failed trials that spec.retry.trials names: proposed once more, of the budget, across restarts and never twice.
import { expect, test } from 'vitest';
import { toEvent } from '../../../../operator/reconcilers/index.ts';
import { replay } from '../../../../operator/search/index.ts';
import { many, SearchWorld } from './search-world.ts';

const wanting = (...trials: number[]) => ({ ...many, retry: { trials } });

/** Trial 0 has failed, 1 has succeeded, 2 trains. */
async function begun(spec = {}): Promise<SearchWorld> {
  const world = new SearchWorld({ ...many, ...spec });
  await world.reconcile();
  world.end('night-0000', { failed: true });
  world.end('night-0001');
  await world.reconcile();
  return world;
}

const specOf = (world: SearchWorld, index: number) =>
  world.trials.objects.get(`default/night-000${index}`)?.spec;

/** Ends what trains, look by look, until the search has ended. */
async function finish(world: SearchWorld): Promise<void> {
  for (let looks = 0; looks < 20 && world.status.completionTime === undefined; looks += 1) {
    await world.clock.advance(1000);
    for (const { metadata, status } of [...world.trials.objects.values()])
      if (!status?.conditions.some(({ type }) => type !== 'Running')) world.end(metadata.name);
    await world.reconcile();
  }
}

const tries = (world: SearchWorld) =>
  world.records.filter(({ variation }) => variation?.startsWith('tries trial'));

test('the next free place is for its network, and says so', async () => {
  const world = await begun();
  world.edit(wanting(0));
  await world.reconcile();
  expect(world.names).toHaveLength(5);
  world.end('night-0002');
  await world.reconcile();
  expect(specOf(world, 5)).toMatchObject({
    genotype: specOf(world, 0)?.genotype,
    parent: 0,
    variation: 'tries trial 0 again',
    proposedAfter: 4,
  });
  expect(specOf(world, 5)?.seed).not.toBe(specOf(world, 0)?.seed);
  expect(world.history.map((record) => ('kind' in record ? record.kind : record.index))).toEqual([
    0,
    1,
    2,
    'again',
  ]);
});

test('it counts like any other, is tried once, and the history is what the engine decides', async () => {
  const world = await begun();
  world.edit(wanting(0, 1, 7));
  await finish(world);
  expect(world.status.phase).toBe('Completed');
  expect(world.records.filter(({ purpose }) => purpose === 'Search')).toHaveLength(9);
  expect(tries(world).map(({ parent }) => parent)).toEqual([0]);
  const trials = world.records
    .filter(({ purpose }) => purpose === 'Search')
    .toSorted((a, b) => a.index - b.index);
  const isFinal = (record: object) => 'purpose' in record && record.purpose === 'Final';
  const results = world.history.filter((record) => !isFinal(record)).map((each) => toEvent(each));
  expect(replay(world.search.spec, { trials, results }).lost).toEqual([]);
});

test.each([
  ['before the wish is taken up', 0],
  ['when its trial was just created', 1],
])('a restart %s changes nothing', async (_, looks) => {
  const [whole, restarted] = [await begun(), await begun()];
  for (const world of [whole, restarted]) {
    world.end('night-0002');
    world.edit(wanting(0));
    if (looks > 0) await world.reconcile();
    if (world === restarted) world.restart();
    await finish(world);
  }
  expect(restarted.status.phase).toBe('Completed');
  const told = ({ records }: SearchWorld) =>
    records.map(({ index, genotype, parent }) => [index, genotype, parent]);
  expect(told(restarted)).toEqual(told(whole));
  expect(tries(restarted)).toHaveLength(1);
});

test('a trial that was to try again and was deleted meanwhile is proposed at its place', async () => {
  const world = await begun();
  world.end('night-0002');
  world.edit(wanting(0));
  await world.reconcile();
  const { genotype } = specOf(world, 5) ?? {};
  world.remove(world.trials, 'night-0005');
  world.restart();
  await world.reconcile();
  expect(specOf(world, 5)).toMatchObject({ genotype, variation: 'tries trial 0 again' });
  await finish(world);
  expect(tries(world)).toHaveLength(1);
});

test('one that fails once more may be tried once more, by its own index', async () => {
  const world = await begun();
  world.end('night-0002');
  world.edit(wanting(0));
  await world.reconcile();
  world.end('night-0005', { failed: true });
  world.edit(wanting(0, 5));
  await finish(world);
  expect(tries(world).map(({ parent }) => parent)).toEqual([0, 5]);
});

test('where nothing is left of the budget, nothing is tried', async () => {
  const world = new SearchWorld({ budget: { trials: 2 }, parallelism: 2 });
  await world.reconcile();
  world.edit({ budget: { trials: 2 }, parallelism: 2, retry: { trials: [0] } });
  world.end('night-0000', { failed: true });
  await world.reconcile();
  expect(world.names).toHaveLength(2);
  expect(world.history).toHaveLength(1);
});

test('a space of which every network was proposed still has those that failed', async () => {
  const space = { kind: 'fixed', network: 'lenet', learningRules: ['BP', 'FA'] };
  const spec = { searchSpace: space, budget: { trials: 20 }, parallelism: 16, final: { topK: 0 } };
  const world = new SearchWorld(spec);
  await world.reconcile();
  const first = world.names.length;
  world.edit({ ...spec, retry: { trials: [0] } });
  world.end('night-0000', { failed: true });
  await world.reconcile();
  expect(world.names).toHaveLength(first + 1);
  await finish(world);
  expect(world.status.conditions.find(({ type }) => type === 'Completed')?.reason).toBe(
    'SpaceExhausted',
  );
});
