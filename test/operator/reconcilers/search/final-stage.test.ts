// The final stage with several seeds and controls: paired by seed, within spec.parallelism, none trained twice.
import { describe, expect, test } from 'vitest';
import { finalName } from '../../../../operator/reconcilers/search/trial-object.ts';
import { SearchWorld } from './search-world.ts';

const controls = { rules: ['BP', 'uSF'], random: 1 };
const spec = { budget: { trials: 3 }, parallelism: 2, final: { topK: 1, seeds: 2, controls } };

async function atTheEnd(more: Record<string, unknown> = {}): Promise<SearchWorld> {
  const world = new SearchWorld({ ...spec, ...more });
  await world.run(3);
  return world;
}

const finals = (world: SearchWorld) =>
  [...world.trials.objects.values()].filter(({ spec: { purpose } }) => purpose === 'Final');
const openFinals = (world: SearchWorld) =>
  finals(world).filter(({ status }) => status?.completionTime === undefined);

/** Ends what is open, in turns, until the search has ended; gives how many were open at each turn. */
async function finish(world: SearchWorld, fails: (name: string) => boolean = () => false) {
  const open: number[] = [];
  for (let k = 0; k < 50 && world.status.phase === 'Finalizing'; k += 1) {
    open.push(openFinals(world).length);
    for (const { metadata } of openFinals(world))
      world.end(metadata.name, { failed: fails(metadata.name), testAccuracy: 0.8 });
    await world.clock.advance(1000);
    await world.reconcile();
  }
  return open;
}

test('networks come first, then seed by seed their controls, as parallelism leaves room', async () => {
  const world = await atTheEnd();
  expect(await finish(world)).toEqual([2, 2, 2, 2]);
  expect(world.status.phase).toBe('Completed');
  expect(
    world.records.slice(3).map(({ name, index, control }) => [name, index, control?.name]),
  ).toEqual([
    ['night-final-0', 3, undefined],
    ['night-f0-s1', 4, undefined],
    ['night-f0-c00-s0', 5, 'BP'],
    ['night-f0-c01-s0', 6, 'uSF'],
    ['night-f0-c02-s0', 7, 'random 1'],
    ['night-f0-c00-s1', 8, 'BP'],
    ['night-f0-c01-s1', 9, 'uSF'],
    ['night-f0-c02-s1', 10, 'random 1'],
  ]);
});

test('a seed is the same for a network and its controls, and another for each of them', async () => {
  const world = await atTheEnd();
  await finish(world);
  const seeds = Map.groupBy(world.records.slice(3), ({ seed }) => seed);
  expect([...seeds.values()].map(({ length }) => length)).toEqual([4, 4]);
});

test('the status names networks alone, with the mean over their seeds', async () => {
  const world = await atTheEnd();
  await finish(world);
  expect(world.status.final).toMatchObject([{ trial: 'night-final-0', testAccuracy: 0.8 }]);
});

describe('without seeds and controls', () => {
  test('all networks are begun at once, as ever', async () => {
    const world = await atTheEnd({ parallelism: 1, final: { topK: 3 } });
    expect(
      finals(world).map(({ metadata, spec: { control } }) => [metadata.name, control]),
    ).toEqual([
      ['night-final-0', undefined],
      ['night-final-1', undefined],
      ['night-final-2', undefined],
    ]);
  });
});

test('nothing is trained twice where finished Trials are not kept, nor after a restart', async () => {
  const world = await atTheEnd({ history: { keep: 0 } });
  for (let k = 0; k < 30 && world.status.phase === 'Finalizing'; k += 1) {
    const [next] = openFinals(world);
    if (next !== undefined) world.end(next.metadata.name, { testAccuracy: 0.5 });
    await world.clock.advance(1000);
    await world.reconcile();
    world.restart();
  }
  expect(world.status.phase).toBe('Completed');
  const names = world.records.map(({ name }) => name);
  expect(names).toHaveLength(11);
  expect(new Set(names).size).toBe(11);
});

test.each([
  ['failed controls fail no search', true, 'Completed'],
  ['where no network could be trained, the search has failed', false, 'Failed'],
])('%s', async (_, controlsFail, phase) => {
  const world = await atTheEnd();
  await finish(world, (name) => name.includes('-c') === controlsFail);
  expect(world.status.phase).toBe(phase);
});

test('the longest names are labels still', () => {
  const last = { rank: 9, seed: 19, index: 0 };
  const control = { kind: 'rule', name: 'BP', number: 56 } as const;
  const names = [last, { ...last, seed: 0 }, { ...last, control }].map((place) =>
    finalName('a'.repeat(52), place),
  );
  expect(Math.max(...names.map(({ length }) => length))).toBe(63);
});
