// The broker and the API server die while a search runs, with their disks kept and lost.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../operator/runtime/eventually.ts';
import { ledgerOf } from '../search/ledger.ts';
import { FaultWorld } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 12);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start({ seed: SEED });
});
afterAll(async () => world?.[Symbol.asyncDispose]());

const LONG = { timeout: 300_000 };

test('NATS is killed and comes back with its disk, again and again', LONG, async () => {
  const wish = { name: 'broker', trials: 60, parallelism: 6 };
  await world.room.apply(wish);
  for (const done of [5, 20, 35, 50]) {
    await world.reached('broker', done);
    await world.cluster.nats.kill();
    await world.pause(1_500 * world.random.uniform());
    await world.cluster.nats.restart();
  }
  await world.expectExact(wish, 120_000);
  world.expectOnePodEach();
  await world.expectNothingLeft('broker');
});

test(
  'NATS loses its disk: what Trials still say is taken up, what only it held is trained again',
  LONG,
  async () => {
    const wish = { name: 'amnesia', trials: 40, parallelism: 4 };
    await world.room.apply(wish);
    await world.reached('amnesia', 15);
    await world.operator.kill();
    await world.cluster.nats.restart({ keepDisk: false });
    await world.operator.restart();
    // A result that was acknowledged and not taken yet went with the disk: its Pod has ended without one.
    await world.expectExact(wish, 120_000, { retries: 1 });
    await world.expectNothingLeft('amnesia');
  },
);

test(
  'a search is deleted while NATS is down, and its history goes when both are back',
  LONG,
  async () => {
    await world.room.apply({ name: 'orphan', trials: 6 });
    await world.room.ended('orphan');
    const { metadata } = await world.room.search('orphan');
    const { uid = '' } = metadata;
    await world.cluster.nats.kill();
    try {
      await world.room.remove('orphan');
      expect(await world.room.kubectl(['get', 'bns', '-o', 'name'])).not.toContain('orphan');
    } finally {
      await world.cluster.nats.restart();
    }
    const { url } = world.cluster.nats;
    expect(await ledgerOf(url, uid)).toHaveLength(6);
    await world.operator.restart();
    await eventually(async () => expect(await ledgerOf(url, uid)).toEqual([]), 30_000);
  },
);

test('the API server is killed and comes back', LONG, async () => {
  const wish = { name: 'headless', trials: 50, parallelism: 5 };
  await world.room.apply(wish);
  for (const done of [8, 25]) {
    await world.reached('headless', done);
    await world.cluster.plane.killApiserver();
    await world.pause(1_000 * world.random.uniform());
    await world.cluster.plane.restartApiserver();
  }
  await world.expectExact(wish, 120_000);
  await world.expectNothingLeft('headless');
});
