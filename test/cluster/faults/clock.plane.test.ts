// Somebody sets the clock of the operator's machine while a search runs: ten hours on, twenty back, five on.
import { expect, test } from 'vitest';
import { FaultWorld } from './fault-world.ts';

const SEED = Number(process.env['BIONAS_TEST_SEED'] ?? 15);
const CLOCK = new URL('jumping-clock.ts', import.meta.url).href;

test('a clock that jumps makes no trainer silent and books no time', {
  timeout: 300_000,
}, async () => {
  await using world = await FaultWorld.start({ seed: SEED, nodeFlags: ['--import', CLOCK] });
  const wish = { name: 'jumps', trials: 50, parallelism: 5 };
  await world.room.apply(wish);
  for (const done of [5, 15, 25]) {
    await world.reached('jumps', done);
    world.operator.signal('SIGUSR2');
  }
  await world.reached('jumps', 35);
  // A new process, whose clock is right again: what the old one wrote lies in times that it has not seen.
  await world.operator.restart();
  await world.expectExact(wish);
  world.expectOnePodEach();
  const { status } = await world.room.search('jumps');
  expect(status?.deviceSeconds).toBeLessThan(300);
  await world.expectNothingLeft('jumps');
});
