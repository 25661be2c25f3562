// What a search says of the cluster that it shares with others: who carries it out, its queue, its devices, nodes in trouble.
import { describe, expect, test } from 'vitest';
import { makePod, makeSearch } from '../../../builders/objects.ts';
import { many, SearchWorld } from './search-world.ts';

const first = (world: SearchWorld) => world.trials.objects.get('default/night-0000');

describe('a search that somebody else carries out', () => {
  test('is left alone: no Trial, no status, no finalizer', async () => {
    const world = new SearchWorld({ managedBy: 'acme.example/queue' });
    expect(await world.reconcile()).toEqual({});
    expect(world.calls).toEqual([]);
  });

  test('is let go of by us where it is deleted', async () => {
    const world = new SearchWorld({ managedBy: 'acme.example/queue' });
    world.change(world.searches, 'night', {
      metadata: { ...world.search.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' },
    });
    expect(await world.reconcile()).toEqual({});
    expect(world.calls).toEqual([]);
  });

  test('is ours under our name', async () => {
    const world = new SearchWorld({ managedBy: 'bionas.dev/operator' });
    await world.reconcile();
    expect(first(world)).toBeDefined();
  });
});

test('labels for Kueue reach the Trials, others do not', async () => {
  const world = new SearchWorld();
  const { object } = { object: makeSearch() };
  const labels = { 'kueue.x-k8s.io/queue-name': 'gpus', team: 'blue' };
  world.searches.put({
    object: { ...object, metadata: { ...object.metadata, labels, resourceVersion: '2' } },
  });
  await world.reconcile();
  expect(first(world)?.metadata.labels).toEqual({
    'kueue.x-k8s.io/queue-name': 'gpus',
    'bionas.dev/search': 'night',
  });
});

test.each([
  [1, undefined],
  [4, { perDevice: 4 }],
])('with %s trainers a device its Trials say so where it matters', async (perDevice, sharing) => {
  const world = new SearchWorld({ sharing: { perDevice } });
  await world.reconcile();
  expect(first(world)?.spec.sharing).toEqual(sharing);
});

test.each([
  [{}, undefined],
  [{ keep: 2 }, undefined],
  [{ place: '/mnt' }, { place: '/mnt', keep: 2, everySeconds: 60 }],
  [{ everySeconds: 5 }, { keep: 2, everySeconds: 5 }],
])('of checkpoints %o its Trials say what is not the usual', async (checkpoints, said) => {
  const world = new SearchWorld({ checkpoints });
  await world.reconcile();
  expect(first(world)?.spec.checkpoints).toEqual(said);
});

describe('a node in trouble', () => {
  const TROUBLE =
    'bad until 2030-01-01T01:00:12.000Z: 3 Pods in a row failed there, the last with exit code 1';

  async function troubled() {
    const world = new SearchWorld(many);
    await world.reconcile();
    const trials = ['night-0000', 'night-0001', 'night-0002'];
    for (const [i, name] of trials.entries())
      world.pods.put(
        makePod(0, name)
          .on('bad')
          .named(name)
          .ended(1, { to: 10 + i }),
      );
    world.pods.put(makePod(0, 'x').on('good').named('x').ended(0));
    await world.clock.advance(20_000);
    return world;
  }

  const trouble = (world: SearchWorld) =>
    world.status.conditions.find(({ type }) => type === 'NodeTrouble');

  test('is named in a condition and, once, in an Event', async () => {
    const world = await troubled();
    expect(await world.reconcile()).toEqual({ requeueAfter: 3_592_000 });
    expect(trouble(world)).toMatchObject({
      status: 'True',
      reason: 'NodesAvoided',
      message: TROUBLE,
    });
    await world.clock.advance(2_000);
    await world.reconcile();
    world.restart();
    await world.reconcile();
    expect(world.happenings.filter((line) => line.includes('NodesAvoided'))).toEqual([
      'Warning NodesAvoided of night',
    ]);
  });

  test('is forgiven after an hour', async () => {
    const world = await troubled();
    await world.reconcile();
    await world.clock.advance(3_592_000);
    await world.reconcile();
    expect(trouble(world)).toMatchObject({ status: 'False', reason: 'NoneAvoided' });
  });

  test('is no condition of a search that never had one', async () => {
    const world = new SearchWorld();
    await world.reconcile();
    expect(trouble(world)).toBeUndefined();
  });
});
