// The machine's clock: sleeps end by time or by signal.
import { expect, test } from 'vitest';
import { systemClock } from '../../../operator/runtime/index.ts';

test('a sleep lasts as long as it should', async () => {
  const start = systemClock.monotonic();
  await systemClock.sleep(30);
  // Timers count whole milliseconds.
  expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(29);
});

test.each(['before', 'during'] as const)(
  'a signal that aborts %s a sleep ends it with its reason',
  async (when) => {
    const stop = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') stop.abort(reason);
    const sleep = systemClock.sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleep).rejects.toBe(reason);
  },
);

test('a sleep longer than a timer can count does not end at once', async () => {
  const stop = new AbortController();
  const first = Promise.race([
    systemClock.sleep(1e12, stop.signal).catch(() => 'stopped'),
    systemClock.sleep(20),
  ]);
  expect(await first).toBeUndefined();
  stop.abort();
});
