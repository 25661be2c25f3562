// The work queue: examples as stories, and invariants under random interleavings of adds, workers and time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialBackoff, WorkQueue } from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';

function makeQueue() {
  const clock = new FakeClock();
  const rateLimiter = exponentialBackoff({ initialMs: 10, maxMs: 1000 });
  return { clock, queue: new WorkQueue({ name: 'test', clock, rateLimiter }) };
}

/** The keys that can be had now, each given back at once. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.size > 0) {
    const key = (await queue.get()) as string;
    keys.push(key);
    queue.done(key);
  }
  return keys;
}

describe('a key', () => {
  test('added many times is handed out once, in the order of first adds', async () => {
    const { queue } = makeQueue();
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(await takeAll(queue)).toEqual(['a', 'b', 'c']);
  });

  test('goes straight to a worker that waits', async () => {
    const { queue } = makeQueue();
    const waiting = queue.get();
    queue.add('a');
    expect(await waiting).toBe('a');
    expect(queue.processing).toEqual(['a']);
  });

  test('added while in work comes again after done, once', async () => {
    const { queue } = makeQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(queue.size).toBe(0);
    queue.done('a');
    expect(await takeAll(queue)).toEqual(['a']);
  });

  test('added for later comes at the earliest of its times, once', async () => {
    const { queue, clock } = makeQueue();
    queue.addAfter('a', 100);
    queue.addAfter('a', 50);
    queue.addAfter('a', 200);
    await clock.advance(49);
    expect(queue.size).toBe(0);
    await clock.advance(1);
    expect(await takeAll(queue)).toEqual(['a']);
    await clock.advance(1000);
    expect(queue.size).toBe(0);
  });

  test('that fails waits longer each time, until it is forgotten', async () => {
    const { queue, clock } = makeQueue();
    for (const ms of [10, 20, 40]) {
      queue.addRateLimited('a');
      await clock.advance(ms - 1);
      expect(queue.size).toBe(0);
      await clock.advance(1);
      expect(await takeAll(queue)).toEqual(['a']);
    }
    queue.forget('a');
    queue.addRateLimited('a');
    await clock.advance(10);
    expect(await takeAll(queue)).toEqual(['a']);
  });
});

describe('shutDown', () => {
  test('hands out what is ready, drops what is delayed, and waits for work in hand', async () => {
    const { queue, clock } = makeQueue();
    queue.add('a');
    queue.add('b');
    queue.addAfter('later', 10);
    await queue.get();
    let drained = false;
    const down = queue.shutDown().then(() => {
      drained = true;
    });
    queue.add('too late');
    expect(await queue.get()).toBe('b');
    queue.done('b');
    await settle();
    expect(drained).toBe(false);
    queue.done('a');
    await down;
    expect(await queue.get()).toBeUndefined();
    expect(clock.sleeping).toBe(0);
  });

  test('does not lose a key that was added while in work', async () => {
    const { queue } = makeQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    const down = queue.shutDown();
    queue.done('a');
    expect(await queue.get()).toBe('a');
    queue.done('a');
    await down;
  });

  test('with discard waits for work in hand alone', async () => {
    const { queue } = makeQueue();
    for (const key of ['a', 'b']) queue.add(key);
    await queue.get();
    queue.add('a');
    const down = queue.shutDown({ discard: true });
    const idle = queue.get();
    queue.done('a');
    await down;
    expect(await idle).toBeUndefined();
  });
});

type Step =
  | { readonly do: 'add' | 'retry' | 'forget'; readonly key: string }
  | { readonly do: 'later'; readonly key: string; readonly ms: number }
  | { readonly do: 'finish'; readonly pick: number }
  | { readonly do: 'pass'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const ms = fc.integer({ min: 0, max: 100 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('add' as const, 'retry' as const, 'forget' as const), key }),
  fc.record({ do: fc.constant('later' as const), key, ms }),
  fc.record({ do: fc.constant('finish' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('pass' as const), ms }),
);

test('whatever happens: no key is with two workers, and after its last add every key is worked on', async () => {
  const interleaving = async (workers: number, steps: readonly Step[]) => {
    const { queue, clock } = makeQueue();
    const inWork: string[] = [];
    /** Keys that were asked for and not handed out since. */
    const owed = new Set<string>();
    let ended = 0;

    const work = async () => {
      const next = await queue.get();
      if (next === undefined) {
        ended += 1;
        return;
      }
      expect(inWork).not.toContain(next);
      expect(inWork.length).toBeLessThan(workers);
      inWork.push(next);
      owed.delete(next);
    };
    const finish = (pick: number) => {
      const [done] = inWork.splice(pick % inWork.length, 1);
      void work();
      queue.done(done as string);
    };
    const act = (next: Step): unknown => {
      switch (next.do) {
        case 'add':
          owed.add(next.key);
          return queue.add(next.key);
        case 'retry':
          owed.add(next.key);
          return queue.addRateLimited(next.key);
        case 'later':
          owed.add(next.key);
          return queue.addAfter(next.key, next.ms);
        case 'forget':
          return queue.forget(next.key);
        case 'finish':
          return inWork.length > 0 ? finish(next.pick) : undefined;
        case 'pass':
          return clock.advance(next.ms);
      }
    };

    for (let i = 0; i < workers; i += 1) void work();
    for (const next of steps) {
      await act(next);
      await settle();
    }
    // Time passes and workers go on: all that is owed must come.
    await clock.advance(10_000);
    for (let i = 0; i < 20 && inWork.length > 0; i += 1) {
      finish(0);
      await settle();
    }
    expect([...owed]).toEqual([]);
    expect(inWork).toEqual([]);
    await queue.shutDown();
    await settle();
    expect(ended).toBe(workers);
    expect(clock.sleeping).toBe(0);
  };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 30 }),
      interleaving,
    ),
    { numRuns: 150 },
  );
});
