// Things worth doing now and then, asked for all the time.
import type { Clock } from './ports.ts';

/** Does it at the first call, and then no sooner than `ms` after the last time. */
export function atMostEvery<Arguments extends readonly unknown[]>(
  ms: number,
  clock: Clock,
  act: (...given: Arguments) => void,
): (...given: Arguments) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...given) => {
    const now = clock.now();
    if (now - last < ms) return;
    last = now;
    act(...given);
  };
}
