// The informer against a scripted server: what it knows, what it tells, and how it comes back after each kind of failure.
import { afterEach, describe, expect, test } from 'vitest';
import {
  byLabel,
  byOwnerUid,
  type CacheChange,
  GoneError,
  Informer,
  type KubernetesObject,
  type Logger,
  silentLogger,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { type Script, scriptedReader, THING, thing } from './scripted-reader.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

async function inform(script: Script, logger: Logger = silentLogger) {
  stop = new AbortController();
  const clock = new FakeClock();
  const { reader, calls } = scriptedReader(script);
  const informer = new Informer<KubernetesObject>({
    kind: THING,
    reader,
    clock,
    logger,
    random: () => 0.999,
    backoff: { initialMs: 100, maxMs: 400 },
    indexes: { owner: byOwnerUid, team: byLabel('team') },
  });
  const told: string[] = [];
  const tell = ({ type, object, previous }: CacheChange<KubernetesObject>) => {
    const versions = [previous, object].map((o) => o?.metadata.resourceVersion ?? '-');
    told.push(`${type} ${object.metadata.name} ${versions.join('>')}`);
  };
  informer.addHandler(tell);
  const running = informer.run(stop.signal);
  await settle();
  const names = () => informer.cache.list().map(({ metadata }) => metadata.name);
  return { informer, clock, calls, told, names, running };
}

const added = (name: string, version: number, metadata = {}) => ({
  type: 'ADDED' as const,
  object: thing(name, version, metadata),
});
const modified = (name: string, version: number, metadata = {}) => ({
  type: 'MODIFIED' as const,
  object: thing(name, version, metadata),
});
const deleted = (name: string, version: number) => ({
  type: 'DELETED' as const,
  object: thing(name, version),
});

test('an informer knows the list, follows the watch, and tells handlers of each change', async () => {
  const { informer, told, names } = await inform({
    lists: [{ version: 5, items: [thing('a', 1), thing('b', 2)] }],
    watches: [[modified('a', 6), added('c', 7), deleted('b', 8)]],
  });
  expect(informer.hasSynced).toBe(true);
  await informer.synced();
  expect(names()).toEqual(['a', 'c']);
  expect(told).toEqual([
    'added a ->1',
    'added b ->2',
    'modified a 1>6',
    'added c ->7',
    'deleted b 2>8',
  ]);
});

test('a handler that comes late is told what is known', async () => {
  const { informer } = await inform({
    lists: [{ version: 5, items: [thing('a', 1)] }],
    watches: [],
  });
  const seen: string[] = [];
  informer.addHandler(({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
  expect(seen).toEqual(['added a']);
});

test('a handler that throws stops neither the informer nor other handlers', async () => {
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };
  const { informer, told, clock } = await inform(
    { lists: [{ version: 5, items: [thing('a', 1)] }], watches: [['end'], [added('b', 6)]] },
    logger,
  );
  informer.addHandler(() => {
    throw new Error('broken');
  });
  const seen: string[] = [];
  informer.addHandler(({ object }) => seen.push(object.metadata.name));
  await clock.advance(100);
  expect(told).toEqual(['added a ->1', 'added b ->6']);
  expect(seen).toEqual(['a', 'b']);
  expect(errors).toEqual(Array(2).fill('Handler of an informer threw'));
});

describe('coming back', () => {
  test('after the server ended the watch: from the last version, without a list', async () => {
    const { calls, clock, names } = await inform({
      lists: [{ version: 5, items: [] }],
      watches: [[added('a', 6), 'end'], [added('b', 7)]],
    });
    await clock.advance(100);
    expect(calls).toEqual(['list', 'watch 5', 'watch 6']);
    expect(names()).toEqual(['a', 'b']);
  });

  test('after a server that ends every watch at once: not faster than the backoff', async () => {
    const { calls, clock } = await inform({
      lists: [{ version: 5, items: [] }],
      watches: [['end'], ['end'], ['end'], []],
    });
    expect(calls).toHaveLength(2);
    await clock.advance(100);
    expect(calls).toHaveLength(3);
    await clock.advance(199);
    expect(calls).toHaveLength(3);
  });

  test('after a bookmark: from there', async () => {
    const { calls, clock } = await inform({
      lists: [{ version: 5, items: [] }],
      watches: [[{ type: 'BOOKMARK', resourceVersion: '90' }, 'end'], []],
    });
    await clock.advance(100);
    expect(calls).toEqual(['list', 'watch 5', 'watch 90']);
  });

  test('after 410 Gone: by a list, whose difference is told, deletions included', async () => {
    const { calls, clock, told, names } = await inform({
      lists: [
        { version: 5, items: [thing('a', 1), thing('b', 2), thing('c', 3)] },
        { version: 50, items: [thing('a', 1), thing('b', 20), thing('d', 40)] },
      ],
      watches: [[new GoneError('compacted')], []],
    });
    told.length = 0;
    await clock.advance(100);
    expect(calls).toEqual(['list', 'watch 5', 'list', 'watch 50']);
    expect(told).toEqual(['deleted c 3>3', 'modified b 2>20', 'added d ->40']);
    expect(names()).toEqual(['a', 'b', 'd']);
  });

  test('after failed lists: with growing waits, and hasSynced only when one succeeded', async () => {
    const down = new Error('connection refused');
    const { informer, calls, clock } = await inform({
      lists: [down, down, down, down, { version: 5, items: [] }],
      watches: [],
    });
    // Waits of 100, 200, 400 and again 400 ms, the cap.
    for (const [ms, lists] of [
      [100, 2],
      [199, 2],
      [1, 3],
      [399, 3],
      [1, 4],
      [399, 4],
    ] as const) {
      await clock.advance(ms);
      expect(calls).toHaveLength(lists);
      expect(informer.hasSynced).toBe(false);
    }
    await clock.advance(1);
    expect(informer.hasSynced).toBe(true);
  });

  test('after an event the next failure is a first one again', async () => {
    const broken = new Error('reset by peer');
    const { calls, clock } = await inform({
      lists: [{ version: 5, items: [] }],
      watches: [[broken], [broken], [added('a', 6), broken], []],
    });
    await clock.advance(100 + 200);
    expect(calls).toHaveLength(4);
    await clock.advance(100);
    expect(calls.at(-1)).toBe('watch 6');
    expect(calls).toHaveLength(5);
  });

  test('does not happen once it is stopped, and leaves no timer', async () => {
    const { calls, clock, running } = await inform({ lists: [new Error('down')], watches: [] });
    stop.abort();
    await running;
    await clock.advance(10_000);
    expect(calls).toEqual(['list']);
    expect(clock.sleeping).toBe(0);
  });
});

describe('indexes', () => {
  const owned = (uid: string) => ({
    ownerReferences: [{ apiVersion: 'v1', kind: 'Thing', name: uid, uid }],
  });

  test('follow objects that change their owner or label', async () => {
    const { informer } = await inform({
      lists: [{ version: 5, items: [thing('a', 1, { ...owned('x'), labels: { team: 'red' } })] }],
      watches: [
        [
          added('b', 6, owned('x')),
          modified('a', 7, { ...owned('y'), labels: { team: 'blue' } }),
          deleted('b', 8),
        ],
      ],
    });
    const found = (index: string, value: string) =>
      informer.cache.byIndex(index, value).map(({ metadata }) => metadata.name);
    expect(found('owner', 'x')).toEqual([]);
    expect(found('owner', 'y')).toEqual(['a']);
    expect(found('team', 'red')).toEqual([]);
    expect(found('team', 'blue')).toEqual(['a']);
  });

  test('that were not declared are refused by name', async () => {
    const { informer } = await inform({ lists: [{ version: 5, items: [] }], watches: [] });
    expect(() => informer.cache.byIndex('colour', 'red')).toThrow(/colour.*declared: owner, team/);
  });
});
