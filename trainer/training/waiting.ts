// How long a loop waits for what it iterates: for training, whether pictures come as fast as steps use them.
import type { Clock } from './ports.ts';

export interface Timed<T> {
  readonly items: AsyncIterable<T>;
  /** Share of the time since the first was asked for, 0 to 1. */
  share(): number;
}

export function timed<T>(items: AsyncIterable<T>, clock: Clock): Timed<T> {
  const start = clock.now();
  let waited = 0;
  async function* passing() {
    let asked = start;
    for await (const item of items) {
      waited += clock.now() - asked;
      yield item;
      asked = clock.now();
    }
  }
  return {
    items: passing(),
    share: () => Math.min(1, waited / Math.max(clock.now() - start, 1)),
  };
}
