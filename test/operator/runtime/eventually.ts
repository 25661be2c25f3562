// Waits in real time until a check holds; for tests of things that happen beside them.
import { setTimeout as delay } from 'node:timers/promises';

export async function eventually<T>(check: () => T | Promise<T>, ms = 10_000): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(10);
    }
  }
}
