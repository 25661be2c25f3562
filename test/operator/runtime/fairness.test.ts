// Fairness between groups of keys: what one group has to do, or gets wrong, does not make the keys of another wait.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Controller,
  fairBetween,
  firstInFirstOut,
  type ObjectKey,
  type ReadyKeys,
  type ReconcileContext,
  silentLogger,
  tokenBucket,
} from '../../../operator/runtime/index.ts';
import { FakeClock } from './fake-clock.ts';

const groupOf = (key: string): string => key.split('-')[0] ?? '';

function take(ready: ReadyKeys, count: number): (string | undefined)[] {
  return Array.from({ length: count }, () => ready.shift());
}

describe('ready keys of groups', () => {
  test('take turns, each group in its own order', () => {
    const ready = fairBetween(groupOf);
    for (const key of ['big-1', 'big-2', 'big-3', 'small-1', 'other-1', 'small-2']) ready.push(key);
    expect(take(ready, 7)).toEqual([
      ...['big-1', 'small-1', 'other-1', 'big-2', 'small-2', 'big-3'],
      undefined,
    ]);
  });

  test('are held back while their group has all its places, and come when one is free', () => {
    const ready = fairBetween(groupOf, { atOnce: 2 });
    for (const key of ['big-1', 'big-2', 'big-3', 'big-4', 'small-1']) ready.push(key);
    expect(take(ready, 4)).toEqual(['big-1', 'small-1', 'big-2', undefined]);
    expect(ready.size).toBe(2);
    ready.done('big-1');
    expect(take(ready, 2)).toEqual(['big-3', undefined]);
  });

  test('can be thrown away, without forgetting who is in work', () => {
    const ready = fairBetween(groupOf, { atOnce: 1 });
    for (const key of ['a-1', 'a-2', 'b-1']) ready.push(key);
    ready.shift();
    ready.clear();
    expect([ready.size, ready.shift()]).toEqual([0, undefined]);
    ready.push('a-3');
    expect(ready.shift()).toBeUndefined();
    ready.done('a-1');
    expect(ready.shift()).toBe('a-3');
  });

  test('come out all, once, no group above its places, and none passed over while another is served twice', () => {
    const keyNumbers = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(30)), {
      maxLength: 40,
      selector: ([group, n]) => `${group}-${n}`,
    });
    const isFair = (keys: (readonly [string, number])[], atOnce: number, finish: number[]) => {
      const ready = fairBetween(groupOf, { atOnce });
      const waiting = new Set(keys.map(([group, n]) => `${group}-${n}`));
      for (const key of waiting) ready.push(key);
      const working: string[] = [];
      const turnsSince = new Map<string, number>();
      for (let i = 0; waiting.size + working.length > 0; i += 1) {
        const key = ready.shift();
        if (key === undefined) {
          const [ended] = working.splice((finish[i % finish.length] ?? 0) % working.length, 1);
          ready.done(ended as string);
          turnsSince.clear();
          continue;
        }
        expect(waiting.delete(key)).toBe(true);
        working.push(key);
        const group = groupOf(key);
        expect(working.filter((k) => groupOf(k) === group).length).toBeLessThanOrEqual(atOnce);
        // Between two turns of a group that waits and has a place, no other has more than two.
        turnsSince.set(group, (turnsSince.get(group) ?? 0) + 1);
        const left = [...waiting].map(groupOf).filter((g) => g !== group);
        for (const other of left) {
          const places = working.filter((k) => groupOf(k) === other).length;
          if (places < atOnce)
            expect((turnsSince.get(group) ?? 0) - (turnsSince.get(other) ?? 0)).toBeLessThan(3);
        }
      }
      expect(ready.size).toBe(0);
    };
    fc.assert(
      fc.property(
        keyNumbers,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(10), { minLength: 1 }),
        isFair,
      ),
    );
  });
});

test('retries of a group that fails without end do not use up those of another', async () => {
  const clock = new FakeClock();
  const limiter = tokenBucket(clock, { perSecond: 10, burst: 5 }, groupOf);
  const waits = (key: string, tries: number) =>
    Array.from({ length: tries }, () => Math.round(limiter.when(key)));
  expect(waits('poisoned-1', 1005).at(-1)).toBe(100_000);
  expect(waits('small-1', 6)).toEqual([0, 0, 0, 0, 0, 100]);
  await clock.advance(1000);
  expect(waits('small-1', 1)).toEqual([0]);
  expect(waits('poisoned-2', 1)).toEqual([99_100]);
});

// A whole controller on the fake clock. The small group asks for one of its keys ten times a second.

const SMALL = 3;
const ASKS = 200;
const WORK_MS = 10;
/** The first of the default rate limiter. */
const BACKOFF_MS = 50;

interface Neighbour {
  readonly keys: number;
  reconcile(clock: FakeClock, context: ReconcileContext): Promise<void>;
}

const works = (clock: FakeClock) => clock.sleep(WORK_MS);

/** p99 in ms from the moment a key of the small group is wanted to that when a worker has it. */
async function waitOfSmall(neighbour: Neighbour | undefined, isFair = true): Promise<number> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const wanted = new Map<string, number>();
  const waits: number[] = [];
  let enqueue: (key: ObjectKey) => void = () => {};
  const failed = new Set<string>();
  const controller = new Controller({
    name: 'test',
    clock,
    logger: silentLogger,
    workers: 4,
    ...(isFair ? { group: ({ name }) => groupOf(name) } : {}),
    sources: [
      {
        start: (add) => {
          enqueue = add;
        },
      },
    ],
    reconciler: {
      async reconcile({ name }, context) {
        if (groupOf(name) !== 'small') {
          await neighbour?.reconcile(clock, context);
          return { requeueAfter: 1 };
        }
        waits.push(clock.monotonic() - (wanted.get(name) ?? 0));
        wanted.delete(name);
        await works(clock);
        // Each second try fails: retries are waited for as well, from the end of their backoff on.
        if (failed.delete(name)) return {};
        failed.add(name);
        wanted.set(name, clock.monotonic() + BACKOFF_MS);
        throw new Error('not yet');
      },
    },
  });
  const running = controller.run(stop.signal);
  for (let i = 0; i < (neighbour?.keys ?? 0); i += 1) {
    enqueue({ namespace: 'default', name: `big-${i}` });
  }
  for (let i = 0; i < ASKS; i += 1) {
    const name = `small-${i % SMALL}`;
    if (!wanted.has(name)) wanted.set(name, clock.monotonic());
    enqueue({ namespace: 'default', name });
    await clock.advance(100);
  }
  stop.abort();
  await clock.advance(10_000);
  await running;
  if (isFair) expect(waits).toHaveLength(2 * ASKS);
  return waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN;
}

describe('p99 of the wait of a small group', () => {
  const flood: Neighbour = { keys: 2000, reconcile: works };

  test.each<{ beside: string; neighbour: Neighbour }>([
    { beside: 'a group of 2000 keys that never rest', neighbour: flood },
    {
      beside: 'a group whose reconciles always fail',
      neighbour: {
        keys: 500,
        reconcile: async (clock) => {
          await works(clock);
          throw new Error('poisoned');
        },
      },
    },
    {
      beside: 'a group whose reconciles hang until their deadline',
      neighbour: {
        keys: 500,
        reconcile: (_, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          }),
      },
    },
  ])('is beside $beside as it is alone', async ({ neighbour }) => {
    expect(await waitOfSmall(undefined)).toBe(0);
    expect(await waitOfSmall(neighbour)).toBe(0);
  });

  test('is not so without groups', async () => {
    expect(await waitOfSmall(flood, false)).toBeGreaterThan(1000);
  });
});

test('first in, first out is not fair, and simple', () => {
  const ready = firstInFirstOut();
  for (const key of ['big-1', 'big-2', 'small-1']) ready.push(key);
  expect(take(ready, 3)).toEqual(['big-1', 'big-2', 'small-1']);
});
