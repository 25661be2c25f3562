// Own writes in the informer's cache: what counts, what is older than the cache, and what is left to the watch.
import { afterEach, describe, expect, test } from 'vitest';
import {
  GoneError,
  Informer,
  type KubernetesObject,
  NotFoundError,
  silentLogger,
  writeThrough,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { type LiveThing, type Script, scriptedReader, THING, thing } from './scripted-reader.ts';

let stop = new AbortController();
afterEach(() => stop.abort());

async function inform(script: Script) {
  stop = new AbortController();
  const { reader } = scriptedReader(script);
  const clock = new FakeClock();
  const informer = new Informer<KubernetesObject>({
    kind: THING,
    reader,
    clock,
    logger: silentLogger,
    random: () => 0.5,
    labels: { kept: 'yes' },
  });
  const told: string[] = [];
  informer.addHandler(({ type, object }) =>
    told.push(`${type} ${object.metadata.name}@${object.metadata.resourceVersion}`),
  );
  void informer.run(stop.signal);
  await settle();
  const seen = () =>
    informer.cache.list().map(({ metadata: { name, resourceVersion, deletionTimestamp } }) => {
      const end = deletionTimestamp === undefined ? '' : ' ending';
      return `${name}@${resourceVersion}${end}`;
    });
  told.length = 0;
  return { informer, clock, told, seen };
}

const kept = (name: string, version: number, metadata = {}): LiveThing =>
  thing(name, version, { labels: { kept: 'yes' }, ...metadata });
const gone = (name: string, version: number) => ({
  type: 'DELETED' as const,
  object: kept(name, version),
});
const changed = (name: string, version: number, metadata = {}) => ({
  type: 'MODIFIED' as const,
  object: kept(name, version, metadata),
});
const KEY = { namespace: 'default', name: 'a' };

describe('an own write', () => {
  test.each<{
    of: string;
    write: LiveThing;
    seen: string[];
    told: string[];
  }>([
    { of: 'a new object', write: kept('b', 12), seen: ['a@5', 'b@12'], told: ['added b@12'] },
    { of: 'a known object', write: kept('a', 12), seen: ['a@12'], told: ['modified a@12'] },
    { of: 'what the watch has already told', write: kept('b', 9), seen: ['a@5'], told: [] },
    { of: 'an older answer', write: kept('a', 4), seen: ['a@5'], told: [] },
    { of: 'nothing, as the patch changed nothing', write: kept('a', 5), seen: ['a@5'], told: [] },
    {
      of: 'an object that leaves the selection',
      write: thing('a', 12),
      seen: [],
      told: ['deleted a@12'],
    },
    {
      of: 'a last finalizer, answered with the version before',
      write: kept('a', 5, { finalizers: [], deletionTimestamp: '2030-01-01T00:00:00Z' }),
      seen: ['a@5 ending'],
      told: ['modified a@5'],
    },
  ])('of $of', async ({ write, seen: want, told: wantTold }) => {
    const finalizers = ['test.dev/keep'];
    const items = [kept('a', 5, { finalizers })];
    const { informer, seen, told } = await inform({
      lists: [{ version: 10, items }],
      watches: [],
    });
    informer.wrote(write);
    expect(seen()).toEqual(want);
    expect(told).toEqual(wantTold);
  });

  test('is not undone by older events, and is followed by newer ones', async () => {
    const { informer, seen, clock } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [['end'], [changed('a', 11), changed('a', 12), 'end'], [changed('a', 13), 'end']],
    });
    informer.wrote(kept('a', 12));
    await clock.advance(200);
    expect(seen()).toEqual(['a@12']);
    await clock.advance(400);
    expect(seen()).toEqual(['a@13']);
  });

  test('of a new object is not undone by the deletion of the one before it', async () => {
    const { informer, seen, clock } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [['end'], [gone('a', 11)]],
    });
    informer.wrote(kept('a', 12, { uid: 'another' }));
    await clock.advance(200);
    expect(seen()).toEqual(['a@12']);
  });

  test('does not bring back what the watch has told to be gone', async () => {
    const { informer, seen } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [[gone('a', 14)]],
    });
    expect(seen()).toEqual([]);
    informer.wrote(kept('a', 12));
    expect(seen()).toEqual([]);
  });

  test('is kept by a list from before it', async () => {
    const { informer, seen, clock } = await inform({
      lists: [
        { version: 10, items: [kept('a', 5)] },
        { version: 11, items: [kept('a', 11)] },
      ],
      watches: [[new GoneError('compacted')], []],
    });
    informer.wrote(kept('a', 12));
    informer.wrote(kept('b', 13));
    await clock.advance(1000);
    expect(seen()).toEqual(['a@12', 'b@13']);
  });

  test('is forgotten with all else when the store was restored from a backup', async () => {
    const { informer, seen, clock } = await inform({
      lists: [
        { version: 10, items: [kept('a', 5), kept('b', 6)] },
        { version: 8, items: [kept('a', 3)] },
      ],
      watches: [[new GoneError('restored')], []],
    });
    informer.wrote(kept('b', 12));
    await clock.advance(200);
    expect(seen()).toEqual(['a@3']);
  });

  test('is left to the watch where versions are no numbers', async () => {
    const { informer, seen } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [],
    });
    const write = kept('a', 0, { resourceVersion: 'x-7' });
    informer.wrote(write);
    expect(seen()).toEqual(['a@5']);
  });
});

describe('an own delete', () => {
  test('shows the object as ending until the watch tells that it is gone', async () => {
    const { informer, seen, told, clock } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [['end'], [changed('a', 11), 'end'], [gone('a', 12)]],
    });
    informer.deleted(KEY, 'uid-a');
    expect(seen()).toEqual(['a@5 ending']);
    await clock.advance(200);
    expect(seen()).toEqual(['a@11 ending']);
    await clock.advance(400);
    expect(seen()).toEqual([]);
    expect(told).toEqual(['modified a@5', 'modified a@11', 'deleted a@12']);
  });

  test('is not undone by a list from before it, nor by a departure that was undone', async () => {
    const { informer, seen, clock } = await inform({
      lists: [
        { version: 10, items: [kept('a', 5)] },
        { version: 11, items: [kept('a', 11)] },
      ],
      watches: [[new GoneError('compacted')], ['end'], [gone('a', 12), changed('a', 14)]],
    });
    informer.deleted(KEY, 'uid-a');
    await clock.advance(200);
    expect(seen()).toEqual(['a@11 ending']);
    informer.wrote(kept('a', 13));
    await clock.advance(400);
    expect(seen()).toEqual(['a@14 ending']);
  });

  test('does not touch another object of that name', async () => {
    const { informer, seen } = await inform({
      lists: [{ version: 10, items: [kept('a', 5)] }],
      watches: [],
    });
    informer.deleted(KEY, 'uid-of-the-one-before');
    expect(seen()).toEqual(['a@5']);
  });
});

test('a write through the informer is seen by whoever waited for it, and one that failed is not', async () => {
  const { informer, seen } = await inform({
    lists: [{ version: 10, items: [kept('a', 5)] }],
    watches: [],
  });
  const unused = () => Promise.reject(new NotFoundError('a'));
  const client = writeThrough<KubernetesObject>(
    {
      get: unused,
      list: unused,
      watch: () => {
        throw new Error('unused');
      },
      create: async () => kept('b', 11),
      patch: async () => kept('b', 12),
      patchStatus: async () => kept('b', 13),
      delete: ({ name }) => (name === 'a' ? unused() : Promise.resolve()),
    },
    informer,
  );
  const key = { namespace: 'default', name: 'b' };
  await client.create(kept('b', 0));
  expect(seen()).toEqual(['a@5', 'b@11']);
  await client.patch(key, {});
  expect(seen()).toEqual(['a@5', 'b@12']);
  await client.patchStatus(key, {});
  expect(seen()).toEqual(['a@5', 'b@13']);
  await client.delete(key);
  await expect(client.delete(KEY)).rejects.toThrow(NotFoundError);
  expect(seen()).toEqual(['a@5', 'b@13 ending']);
});
