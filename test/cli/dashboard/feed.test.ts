// One watcher for all listeners of a search, at work only while somebody listens; and what streams of events look like.
import { expect, test } from 'vitest';
import { eventStream, streamOf } from '../../../cli/dashboard/event-stream.ts';
import { SearchFeed } from '../../../cli/dashboard/feed.ts';
import { keyOf, secondsLeftOf } from '../../../cli/dashboard/search-row.ts';
import type { FoundSearch } from '../../../cli/place/index.ts';
import type { BioNASSearch } from '../../../crds/index.ts';
import type { SearchChange } from '../../../dashboard/api.ts';
import { systemClock } from '../../../operator/runtime/index.ts';
import { makeRunningTrial, makeSearch, NOW } from '../../builders/search-result.ts';
import { eventually } from '../../operator/runtime/eventually.ts';

const LOOK_MS = 5;

/** A search that counts how often it is read. */
function counted(search: () => BioNASSearch = () => makeSearch()) {
  const looks = { count: 0 };
  const found = (): FoundSearch =>
    ({
      search: search(),
      argument: 'night',
      again: async () => {
        looks.count += 1;
        return found();
      },
      trials: async () => [],
      recordsFrom: () => undefined,
    }) as unknown as FoundSearch;
  return { looks, feed: new SearchFeed(found(), { clock: systemClock, lookMs: LOOK_MS }) };
}

test('nobody is watched for, all are watched for by one, and the last one to leave ends it', async () => {
  const { looks, feed } = counted();
  await systemClock.sleep(5 * LOOK_MS);
  expect(looks.count).toBe(0);
  const stop = new AbortController();
  const readers = [1, 2, 3].map(() => feed.changes(undefined, stop.signal));
  for (const reader of readers) await reader.next();
  const before = looks.count;
  // Each waits for a change, which does not come.
  const waiting = readers.map((reader) => reader.next());
  await eventually(async () => expect(looks.count).toBeGreaterThan(before + 3), 5_000);
  expect(feed.listeners).toBe(3);
  stop.abort();
  for (const { done } of await Promise.all(waiting)) expect(done).toBe(true);
  expect(feed.listeners).toBe(0);
  await systemClock.sleep(5 * LOOK_MS);
  const after = looks.count;
  await systemClock.sleep(10 * LOOK_MS);
  expect(looks.count).toBe(after);
});

test('a reader that goes away with an event unread is listened for no longer', async () => {
  const { looks, feed } = counted();
  const stop = new AbortController();
  const changes = feed.changes(undefined, stop.signal);
  const stream = streamOf(eventStream(changes, { clock: systemClock }), () => stop.abort());
  const reader = stream.getReader();
  await reader.read();
  // The event lies there, and the generator stands at its yield.
  await eventually(async () => expect(looks.count).toBeGreaterThan(1), 5_000);
  expect(feed.listeners).toBe(1);
  await reader.cancel();
  expect(feed.listeners).toBe(0);
});

test('another search of the same name has all load the table again', async () => {
  let uid = 'first';
  const { feed } = counted(() => {
    const search = makeSearch();
    return { ...search, metadata: { ...search.metadata, uid } };
  });
  const stop = new AbortController();
  const { table } = await feed.latest();
  const changes = feed.changes(table.version, stop.signal);
  const change = changes.next();
  uid = 'second';
  expect((await change).value).toMatchObject({ reset: true, search: { uid: 'second' } });
  stop.abort();
  await changes.return(undefined);
});

test('a stream says how to come again, what changes by its version, and that it is still there', async () => {
  const change = { version: 7, trials: [], alphabet: [] } as unknown as SearchChange;
  const end = Promise.withResolvers<void>();
  async function* changes() {
    yield change;
    yield { error: 'two\nlines' };
    await end.promise;
  }
  const stream = eventStream(changes(), { clock: systemClock, heartbeatMs: 20 });
  const texts: string[] = [];
  for await (const text of stream) {
    if (texts.push(text) < 5) continue;
    end.resolve();
    break;
  }
  expect(texts).toEqual([
    'retry: 2000\n\n',
    'event: change\nid: 7\ndata: {"version":7,"trials":[],"alphabet":[]}\n\n',
    'event: problem\ndata: {"error":"two\\nlines"}\n\n',
    ': still here\n\n',
    ': still here\n\n',
  ]);
}, 5_000);

test('a run goes by its directory, a search of a cluster by its name', () => {
  const search = makeSearch();
  expect(keyOf({ search } as FoundSearch)).toEqual({ namespace: 'default', name: 'night' });
  const run = { search, directory: '/data/runs/night-2' } as FoundSearch;
  expect(keyOf(run)).toEqual({ namespace: 'default', name: 'night-2' });
});

test('time left is told while a search goes on, by the places that it really has', () => {
  const done = (index: number) => {
    const trial = makeRunningTrial(index);
    const { conditions: _, ...status } = trial.status!;
    const ended = { type: 'Succeeded', status: 'True', reason: 'Trained', message: '' };
    const conditions = [{ ...ended, lastTransitionTime: '2026-01-01T00:55:00Z' }];
    return { ...trial, status: { ...status, conditions, deviceSeconds: 60 } } as typeof trial;
  };
  const spec = { parallelism: 4, budget: { trials: 10 }, final: { topK: 0 } };
  const status = { phase: 'Searching', trials: { proposed: 6, succeeded: 2, failed: 0 } };
  const left = (search: BioNASSearch, trials: ReturnType<typeof done>[]) =>
    secondsLeftOf(search, { trials, now: NOW });
  const search = makeSearch(status, spec);
  const running = makeRunningTrial(2);
  const waiting = { ...makeRunningTrial(3), status: undefined } as unknown as typeof running;
  expect(left(search, [done(0), done(1), running])).toBe((8 * 60) / 4);
  expect(left(search, [done(0), done(1), running, waiting])).toBe(8 * 60);
  expect(left(makeSearch({ ...status, phase: 'Suspended' }, spec), [done(0)])).toBeUndefined();
  expect(left(makeSearch(status, spec), [running])).toBeUndefined();
});
