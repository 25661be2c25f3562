// The operator dies by SIGKILL at many points of one search (BIONAS_TEST_KILLS), and two of them run at once by mistake.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Random } from '../../../operator/search/index.ts';
import { startOperator } from '../../../scripts/cluster/index.ts';
import { BEHAVIOUR, FaultWorld } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 11);
const KILLS = Number(process.env['BIONAS_TEST_KILLS'] ?? 40);

const TRIALS = 200;
const AT_ONCE = 8;
/** Mean ms from one kill to the next. */
const APART_MS = 1_100;

let world: FaultWorld;
/** Mean ms that a trial trains. */
let pace = 85;
beforeAll(async () => {
  const trainMs = (random: Random) => pace * (0.25 + 1.5 * random.uniform());
  world = await FaultWorld.start({ seed: SEED, behaviour: { ...BEHAVIOUR, trainMs } });
});
afterAll(async () => world?.[Symbol.asyncDispose]());

test(`killed at ${KILLS} points, a search of ${TRIALS} trials is exact`, {
  timeout: 600_000,
}, async () => {
  const wish = { name: 'killed', trials: TRIALS, parallelism: AT_ONCE, keep: 20 };
  const before = pace;
  // So slow that the search outlives the kills.
  pace = (1.3 * KILLS * APART_MS * AT_ONCE) / TRIALS;
  await world.room.apply(wish);
  for (let kill = 0; kill < KILLS; kill += 1) {
    // From its first connection on, at any moment of its work.
    await world.operator.restart({ waits: false });
    await world.pause(APART_MS * (0.45 + 1.1 * world.random.uniform()));
  }
  expect((await world.room.search('killed')).status?.completionTime).toBeUndefined();
  pace = before;
  await world.operator.restart();
  await world.expectExact(wish, 120_000);
  world.expectOnePodEach();
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
