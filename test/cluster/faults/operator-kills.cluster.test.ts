// The operator dies by SIGKILL at many points of one search (BIONAS_TEST_KILLS), and two of them run at once by mistake.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOperator } from '../../../scripts/cluster/index.ts';
import { FaultWorld } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 11);
const KILLS = Number(process.env['BIONAS_TEST_KILLS'] ?? 40);

let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start({ seed: SEED });
});
afterAll(async () => world?.[Symbol.asyncDispose]());

test(`killed at ${KILLS} points, a search of 200 trials is exact`, {
  timeout: 600_000,
}, async () => {
  const wish = { name: 'killed', trials: 200, parallelism: 8, keep: 20 };
  await world.room.apply(wish);
  let kills = 0;
  for (; kills < KILLS; kills += 1) {
    // From its first connection on, at any moment of its work.
    await world.operator.restart({ waits: false });
    await world.pause(500 + 1_200 * world.random.uniform());
    if ((await world.room.search('killed')).status?.completionTime !== undefined) break;
  }
  await world.operator.restart();
  await world.expectExact(wish, 120_000);
  world.expectOnePodEach();
  console.log(`${kills} kills`);
  await world.expectNothingLeft('killed');
});

test('one trial at a time, kills change no proposal', { timeout: 300_000 }, async () => {
  const wish = { name: 'straight', trials: 30 };
  await world.room.apply(wish);
  for (let done = 3; done < 30; done += 9) {
    await world.reached('straight', done);
    await world.operator.restart();
  }
  await world.expectExact(wish);
  world.expectOnePodEach();
  await world.expectNothingLeft('straight');
});

test('two operators at once, by mistake, do nothing twice', { timeout: 300_000 }, async () => {
  const { kubeconfig } = world.cluster.plane;
  const nats = world.cluster.nats.url;
  await using second = await startOperator({ kubeconfig, nats, flags: ['--no-leader-elect'] });
  const wish = { name: 'twins', trials: 60, parallelism: 6 };
  await world.room.apply(wish);
  await world.expectExact(wish, 120_000);
  world.expectOnePodEach();
  expect(second.running).toBe(true);
  await world.expectNothingLeft('twins');
});
