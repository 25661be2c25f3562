import { describe, expect, test } from 'vitest';
import { FINALIZER } from '../../../../operator/reconcilers/search/deletion.ts';
import { sweep } from '../../../../operator/reconcilers/search/sweep.ts';
import { byOwnerUid, ObjectCache, silentLogger } from '../../../../operator/runtime/index.ts';
import { at, makeSearch } from '../../../builders/objects.ts';
import { many, SearchWorld } from './search-world.ts';

/** Asked to go, and held by its finalizer, as an API server leaves it. */
function remove(world: SearchWorld): void {
  const { metadata } = world.search;
  world.change(world.searches, 'night', {
    metadata: { ...metadata, deletionTimestamp: new Date(world.clock.now()).toISOString() },
  });
}

describe('a search', () => {
  test('is held by a finalizer from its first look on, beside those of others', async () => {
    const world = new SearchWorld();
    const { metadata } = world.search;
    world.change(world.searches, 'night', { metadata: { ...metadata, finalizers: ['other/one'] } });
    await world.reconcile();
    expect(world.search.metadata.finalizers).toEqual(['other/one', FINALIZER]);
  });

  test('that is deleted takes its Trials and its history along, then goes', async () => {
    const world = new SearchWorld(many);
    await world.run(2);
    remove(world);
    await world.reconcile();
    expect(world.names).toEqual([]);
    expect(world.records).toHaveLength(2);
    await world.reconcile();
    expect(world.records).toEqual([]);
    expect(world.searches.objects.size).toBe(0);
  });

  test('waits for a broker that is away, but not for ever', async () => {
    const world = new SearchWorld();
    await world.run(1);
    remove(world);
    await world.reconcile();
    world.fate = (call) => (call === 'forget' ? 'crash before' : 'go');
    await expect(world.reconcile()).rejects.toThrow('before forget');
    expect(world.searches.objects.size).toBe(1);
    await world.clock.advance(30_000);
    await world.reconcile();
    expect(world.searches.objects.size).toBe(0);
    expect(world.records).toHaveLength(1);
  });
});

test('a sweep removes what deleted searches left, and nothing else', async () => {
  const world = new SearchWorld();
  await world.run(1);
  await world.ledger.append('another-uid', { found: at(0) }, 0);
  const searches = new ObjectCache({ uid: ({ metadata }) => [metadata.uid], owner: byOwnerUid });
  searches.set({ ...makeSearch(), metadata: { ...makeSearch().metadata, uid: 'night-uid' } });
  await sweep({
    searches: searches as never,
    index: 'uid',
    leftovers: world.ledger,
    clock: world.clock,
    logger: silentLogger,
  });
  expect(await world.ledger.searches()).toEqual(['night-uid']);
});
