// The machine's own clock: the one place of the operator that reads the time.
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** setTimeout fires at once beyond this many ms (2^31 - 1). */
const LONGEST_TIMER = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(Math.min(ms, LONGEST_TIMER), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
