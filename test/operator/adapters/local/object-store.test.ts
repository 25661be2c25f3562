// The local object store: the cases of every object client, and what it alone promises (files, restarts, admission).
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ObjectStore,
  type StoredKind,
  UnreadableObjectError,
  UnreadableRevisionError,
} from '../../../../operator/adapters/local/index.ts';
import {
  controllerReference,
  GoneError,
  InvalidError,
  keyOf,
  type Logger,
  silentLogger,
} from '../../../../operator/runtime/index.ts';
import {
  GADGET,
  type Gadget,
  gadget,
  objectClientCases,
} from '../../../cases/object-client.cases.ts';
import { FakeClock } from '../../runtime/fake-clock.ts';

const WINDOW = 20;
let directory: string;
let uids = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'object-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function openStore(stored: Partial<StoredKind<Gadget>> = {}, logger: Logger = silentLogger) {
  return ObjectStore.open({
    directory,
    kinds: [{ kind: GADGET, keep: 'disk', ...stored }],
    clock: new FakeClock(),
    newUid: () => `uid-${uids++}`,
    logger,
    eventWindow: WINDOW,
  });
}

describe.each(['disk', 'memory'] as const)('an object store on %s is an object client:', (keep) => {
  objectClientCases(async () => {
    const client = (await openStore({ keep })).of(GADGET);
    return {
      client,
      namespace: 'default',
      forgetEvents: async () => {
        const key = keyOf(await client.create(gadget('noise', 'other')));
        for (let i = 0; i < 2 * WINDOW; i += 1) await client.patchStatus(key, { seen: i });
      },
      close: async () => {},
    };
  });
});

describe('the directory', () => {
  const files = async () =>
    (await readdir(directory, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  const fileOf = (name: string) => join(directory, `gadgets.test.bionas.dev/default/${name}.json`);

  test('holds one readable file an object, and none of a deleted one', async () => {
    const client = (await openStore()).of(GADGET);
    const made = await client.create(gadget('a', 'default'));
    expect(JSON.parse(await readFile(fileOf('a'), 'utf8'))).toEqual(made);
    await client.delete(keyOf(made));
    expect(await files()).toEqual([join(directory, 'revision')]);
  });

  test('with a counter that is no number is refused, and the file is named', async () => {
    await openStore();
    await writeFile(join(directory, 'revision'), 'x\n');
    await expect(openStore()).rejects.toThrow(UnreadableRevisionError);
    await expect(openStore()).rejects.toThrow(`${join(directory, 'revision')}: expected a number`);
  });

  test('brings everything back after a restart', async () => {
    const before = (await openStore()).of(GADGET);
    await before.create(gadget('a', 'default'));
    const made = await before.patchStatus({ namespace: 'default', name: 'a' }, { seen: 3 });
    const after = (await openStore()).of(GADGET);
    expect((await after.list()).items).toEqual([made]);
  });

  test('keeps names apart that are too long for a file', async () => {
    const client = (await openStore()).of(GADGET);
    for (const end of ['a', 'b']) await client.create(gadget('n'.repeat(252) + end, 'default'));
    expect((await (await openStore()).of(GADGET).list()).items).toHaveLength(2);
  });

  test('never gives a resourceVersion twice, not even after the newest object is gone', async () => {
    const before = (await openStore()).of(GADGET);
    const made = await before.create(gadget('a', 'default'));
    await before.delete(keyOf(made));
    const { resourceVersion } = await before.list();
    const after = (await openStore()).of(GADGET);
    const next = await after.create(gadget('b', 'default'));
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
  });

  test('is watched from its own start on: older versions are gone', async () => {
    const before = (await openStore()).of(GADGET);
    const { metadata } = await before.create(gadget('a', 'default'));
    const after = (await openStore()).of(GADGET);
    const { resourceVersion } = metadata;
    const watch = after.watch({ resourceVersion, signal: new AbortController().signal });
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toThrow(GoneError);
  });

  test('is rid of half-written files at the start', async () => {
    await (await openStore()).of(GADGET).create(gadget('a', 'default'));
    const half = join(directory, 'gadgets.test.bionas.dev/default/.b.json.tmp');
    await writeFile(half, '{"apiVersion": "test.b');
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, info: (_, fields) => lines.push(fields) };
    const client = (await openStore({}, logger)).of(GADGET);
    expect((await client.list()).items).toHaveLength(1);
    expect(await files()).not.toContain(half);
    expect(lines).toEqual([{ file: half }]);
  });

  test.each([
    ['text', 'no json'],
    ['another kind', JSON.stringify({ ...gadget('a', 'default'), kind: 'Widget' })],
    ['no identity', JSON.stringify(gadget('a', 'default'))],
  ])('with %s in a file does not open, and names the file', async (_, content) => {
    await (await openStore()).of(GADGET).create(gadget('a', 'default'));
    await writeFile(fileOf('a'), content);
    await expect(openStore()).rejects.toThrow(UnreadableObjectError);
    await expect(openStore()).rejects.toThrow(fileOf('a'));
  });

  test('loses objects whose owner was removed just before a crash', async () => {
    const client = (await openStore()).of(GADGET);
    const parent = await client.create(gadget('parent', 'default'));
    const ownerReferences = [controllerReference(parent)];
    await client.create(gadget('child', 'default', { ownerReferences }));
    await rm(fileOf('parent'));
    expect((await (await openStore()).of(GADGET).list()).items).toEqual([]);
  });

  test('does not see kinds that are kept in memory', async () => {
    await (await openStore({ keep: 'memory' })).of(GADGET).create(gadget('a', 'default'));
    expect(await files()).toEqual([join(directory, 'revision')]);
  });
});

describe('admission', () => {
  const admit = (object: Gadget, previous: Gadget | undefined): Gadget => {
    if (previous !== undefined && previous.spec.size > object.spec.size) {
      throw new InvalidError('spec.size cannot fall');
    }
    return { ...object, spec: { note: 'default', ...object.spec } };
  };

  test('completes what is written and refuses what breaks a rule', async () => {
    const client = (await openStore({ admit })).of(GADGET);
    const made = await client.create(gadget('a', 'default'));
    expect(made.spec).toEqual({ size: 1, note: 'default' });
    await expect(client.patch(keyOf(made), { spec: { size: 0 } })).rejects.toThrow(InvalidError);
    expect(await client.get(keyOf(made))).toEqual(made);
  });

  test.each([
    ['a path', gadget('../../etc', 'default')],
    ['capitals', gadget('Big', 'default')],
    ['no namespace', gadget('a', '')],
    ['another kind', { ...gadget('a', 'default'), kind: 'Widget' }],
  ])('refuses %s', async (_, object) => {
    const client = (await openStore()).of(GADGET);
    await expect(client.create(object)).rejects.toThrow(InvalidError);
  });
});

test('objects cannot be changed behind the back of the store', async () => {
  const client = (await openStore()).of(GADGET);
  const mine = gadget('a', 'default', { labels: { team: 'x' } });
  const made = await client.create(mine);
  (mine.metadata.labels as Record<string, string>)['team'] = 'y';
  expect(made.metadata.labels).toEqual({ team: 'x' });
  expect(() => Object.assign(made.spec, { size: 2 })).toThrow(TypeError);
});

test('writes that are asked for at the same time all happen', async () => {
  const client = (await openStore()).of(GADGET);
  const key = keyOf(await client.create(gadget('a', 'default')));
  const labels = Array.from({ length: 20 }, (_, i) => `l${i}`);
  await Promise.all(labels.map((l) => client.patch(key, { metadata: { labels: { [l]: '1' } } })));
  expect(Object.keys((await client.get(key)).metadata.labels ?? {}).sort()).toEqual(labels.sort());
});

test('a graceful kind stays until its keeper deletes it with no grace', async () => {
  const client = (await openStore({ graceSeconds: () => 30 })).of(GADGET);
  const key = keyOf(await client.create(gadget('a', 'default')));
  await client.delete(key);
  expect((await client.get(key)).metadata.deletionGracePeriodSeconds).toBe(30);
  await client.delete(key, { gracePeriodSeconds: 0 });
  expect((await client.list()).items).toEqual([]);
});

test('an unknown kind is named together with the known ones', async () => {
  const store = await openStore();
  expect(() => store.of({ ...GADGET, kind: 'Widget' })).toThrow(/Widget.*serves: .*Gadget/);
});
