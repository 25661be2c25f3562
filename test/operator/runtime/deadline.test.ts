// Work under a deadline: what ends it, and that a parent that lives on does not remember work that is done.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  aborted,
  DeadlineExceededError,
  systemClock,
  underDeadline,
} from '../../../operator/runtime/index.ts';
import { FakeClock } from './fake-clock.ts';

const ends = async (signal: AbortSignal) => {
  await aborted(signal);
  throw signal.reason;
};

test('work ends at its deadline, with its reason', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const work = underDeadline({ clock, ms: 50, reason: 'lunch' }, signal, ends);
  const late = expect(work).rejects.toThrow(
    new DeadlineExceededError('lunch: not done within 50 ms'),
  );
  await clock.advance(50);
  await late;
});

test.each([
  ['during', 1],
  ['before', 0],
])('work ends with its parent, which aborts %s it', async (_, ms) => {
  const clock = new FakeClock();
  const parent = new AbortController();
  const stop = () => parent.abort(new Error('stop'));
  if (ms === 0) stop();
  const work = underDeadline({ clock, ms: 50, reason: 'lunch' }, parent.signal, ends);
  const stopped = expect(work).rejects.toThrow('stop');
  stop();
  await stopped;
  await clock.advance(0);
  expect(clock.sleeping).toBe(0);
});

test('4,000 pieces of work leave nothing in a parent that lives on', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const parent = new AbortController();
  const deadline = { clock: systemClock, ms: 60_000, reason: 'lunch' };
  const many = async (count: number) => {
    for (let i = 0; i < count; i += 1) {
      await underDeadline(deadline, parent.signal, async (signal) => signal.aborted);
      if (i % 100 === 0) await systemClock.sleep(0);
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await many(1000);
  const after = await many(4000);
  expect((after - before) / 4000).toBeLessThan(100);
});
