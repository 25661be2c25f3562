// What every adapter of the object-client port must do, so that a controller cannot tell them apart.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  AlreadyExistsError,
  ConflictError,
  controllerReference,
  GoneError,
  type KubernetesObject,
  keyOf,
  NotFoundError,
  type ObjectClient,
  type ObjectKind,
  type WatchEvent,
} from '../../operator/runtime/index.ts';
import { eventually } from '../operator/runtime/eventually.ts';

/** A kind with a status subresource that accepts any spec and status; the adapter under test must serve it. */
export interface Gadget extends KubernetesObject {
  readonly spec: {
    readonly size: number;
    readonly parts?: readonly string[];
    readonly note?: string;
  };
  readonly status?: { readonly seen?: number; readonly phase?: string };
}

export const GADGET: ObjectKind<Gadget> = {
  apiVersion: 'test.bionas.dev/v1',
  kind: 'Gadget',
  plural: 'gadgets',
  namespaced: true,
};

export interface ObjectClientFixture {
  readonly client: ObjectClient<Gadget>;
  /** A namespace that nothing else writes to. */
  readonly namespace: string;
  /** Makes events up to now unknown to later watches, as compaction does; undefined where that cannot be asked for. */
  readonly forgetEvents?: (() => Promise<void>) | undefined;
  readonly close: () => Promise<void>;
}

export function gadget(name: string, namespace: string, metadata = {}): Gadget {
  const { apiVersion, kind } = GADGET;
  return { apiVersion, kind, metadata: { name, namespace, ...metadata }, spec: { size: 1 } };
}

export function objectClientCases(open: () => Promise<ObjectClientFixture>): void {
  let fixture: ObjectClientFixture;
  let client: ObjectClient<Gadget>;
  let namespace: string;
  let stop: AbortController;

  beforeEach(async () => {
    fixture = await open();
    ({ client, namespace } = fixture);
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await fixture.close();
  });

  const make = (name: string, metadata = {}) => client.create(gadget(name, namespace, metadata));
  const names = async (labels = {}) =>
    (await client.list({ namespace, labels })).items.map(({ metadata }) => metadata.name).sort();

  /** Collects events as `TYPE name` from `resourceVersion` on. */
  function follow(resourceVersion: string, labels = {}) {
    const seen: string[] = [];
    const events: WatchEvent<Gadget>[] = [];
    const done = (async () => {
      const options = { namespace, labels, resourceVersion, signal: stop.signal };
      for await (const event of client.watch(options)) {
        if (event.type === 'BOOKMARK') continue;
        events.push(event);
        seen.push(`${event.type} ${event.object.metadata.name}`);
      }
    })();
    return { seen, events, done };
  }

  describe('create', () => {
    test('gives an object its identity', async () => {
      const { metadata, spec } = await make('a', { labels: { team: 'x' } });
      expect(metadata).toMatchObject({
        name: 'a',
        namespace,
        generation: 1,
        labels: { team: 'x' },
      });
      expect(metadata.uid).not.toBe('');
      expect(metadata.resourceVersion).not.toBe('');
      expect(metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(spec).toEqual({ size: 1 });
    });

    test('does not take over a status', async () => {
      const made = await client.create({ ...gadget('a', namespace), status: { seen: 7 } });
      expect(made.status?.seen).toBeUndefined();
    });

    test('refuses a name that is taken', async () => {
      await make('a');
      await expect(make('a')).rejects.toThrow(AlreadyExistsError);
    });

    test('gives a new uid to a name that is used again', async () => {
      const first = await make('a');
      await client.delete(keyOf(first));
      const second = await make('a');
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
    });
  });

  describe('get and list', () => {
    test('get of nothing is a NotFoundError', async () => {
      await expect(client.get({ namespace, name: 'none' })).rejects.toThrow(NotFoundError);
    });

    test('list keeps to namespace and labels', async () => {
      await make('a', { labels: { team: 'x', rank: '1' } });
      await make('b', { labels: { team: 'x', rank: '2' } });
      await make('c');
      expect(await names()).toEqual(['a', 'b', 'c']);
      expect(await names({ team: 'x' })).toEqual(['a', 'b']);
      expect(await names({ team: 'x', rank: '2' })).toEqual(['b']);
      expect((await client.list({ namespace: 'elsewhere' })).items).toEqual([]);
    });
  });

  describe('patch', () => {
    test('merges spec, replaces arrays, removes by null, and raises generation', async () => {
      const made = await client.create({
        ...gadget('a', namespace),
        spec: { size: 1, parts: ['p', 'q'], note: 'old' },
      });
      const next = await client.patch(keyOf(made), { spec: { parts: ['r'], note: null } });
      expect(next.spec).toEqual({ size: 1, parts: ['r'] });
      expect(next.metadata.generation).toBe(2);
      expect(next.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion);
      expect(await client.get(keyOf(made))).toEqual(next);
    });

    test('of metadata leaves generation and identity alone', async () => {
      const made = await make('a', { labels: { keep: '1', drop: '1' } });
      const next = await client.patch(keyOf(made), {
        metadata: { labels: { drop: null, add: '1' }, annotations: { why: 'test' } },
      });
      expect(next.metadata).toMatchObject({ generation: 1, annotations: { why: 'test' } });
      expect(next.metadata.labels).toEqual({ keep: '1', add: '1' });
      expect(next.metadata.uid).toBe(made.metadata.uid);
    });

    test('cannot change status, and patchStatus cannot change spec', async () => {
      const made = await make('a');
      const reported = await client.patchStatus(keyOf(made), { seen: 1, phase: 'New' });
      expect(reported).toMatchObject({ spec: { size: 1 }, status: { seen: 1, phase: 'New' } });
      expect(reported.metadata.generation).toBe(1);
      const next = await client.patch(keyOf(made), { spec: { size: 2 }, status: { seen: 9 } });
      expect(next).toMatchObject({ spec: { size: 2 }, status: { seen: 1, phase: 'New' } });
    });

    test('that changes nothing writes nothing', async () => {
      const made = await make('a');
      const same = await client.patch(keyOf(made), { spec: { size: 1 } });
      expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    test.each(['patch', 'patchStatus', 'delete'] as const)(
      '%s of nothing is a NotFoundError',
      async (verb) => {
        const key = { namespace, name: 'none' };
        await expect(client[verb](key, {})).rejects.toThrow(NotFoundError);
      },
    );

    test.each(['uid', 'resourceVersion'] as const)(
      'with another %s is a ConflictError',
      async (field) => {
        const made = await make('a');
        await client.patchStatus(keyOf(made), { seen: 1 });
        const stale = { [field]: field === 'uid' ? 'another' : made.metadata.resourceVersion };
        const key = keyOf(made);
        await expect(client.patch(key, { spec: { size: 2 } }, stale)).rejects.toThrow(
          ConflictError,
        );
        await expect(client.patchStatus(key, { seen: 2 }, stale)).rejects.toThrow(ConflictError);
        await expect(client.delete(key, stale)).rejects.toThrow(ConflictError);
        expect(await client.get(key)).toMatchObject({ spec: { size: 1 }, status: { seen: 1 } });
      },
    );
  });

  describe('delete', () => {
    test('removes an object', async () => {
      const made = await make('a');
      await client.delete(keyOf(made), { uid: made.metadata.uid });
      await expect(client.get(keyOf(made))).rejects.toThrow(NotFoundError);
    });

    test('waits for finalizers', async () => {
      const made = await make('a', { finalizers: ['test.bionas.dev/hold'] });
      await client.delete(keyOf(made));
      const held = await client.get(keyOf(made));
      expect(held.metadata.deletionTimestamp).toBeDefined();
      await client.patch(keyOf(made), { metadata: { finalizers: [] } });
      await expect(client.get(keyOf(made))).rejects.toThrow(NotFoundError);
    });

    test('takes along what the object owns, in every generation', async () => {
      const parent = await make('parent');
      const child = await make('child', { ownerReferences: [controllerReference(parent)] });
      await make('grandchild', { ownerReferences: [controllerReference(child)] });
      await make('stranger');
      await client.delete(keyOf(parent));
      await eventually(async () => expect(await names()).toEqual(['stranger']));
    });

    test('leaves it when told to orphan', async () => {
      const parent = await make('parent');
      const child = await make('child', { ownerReferences: [controllerReference(parent)] });
      await client.delete(keyOf(parent), { propagation: 'Orphan' });
      await eventually(async () => expect(await names()).toEqual(['child']));
      const { metadata } = await client.get(keyOf(child));
      expect(metadata.ownerReferences ?? []).toEqual([]);
    });
  });

  describe('watch', () => {
    test('goes on without a gap from a list', async () => {
      await make('before');
      const { resourceVersion } = await client.list({ namespace });
      const made = await make('a');
      const watch = follow(resourceVersion);
      await client.patch(keyOf(made), { spec: { size: 2 } });
      await client.delete(keyOf(made));
      await eventually(() => expect(watch.seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']));
    });

    test('goes on from an event', async () => {
      const made = await make('a');
      await make('b');
      const watch = follow(made.metadata.resourceVersion);
      await eventually(() => expect(watch.seen).toEqual(['ADDED b']));
    });

    test('with labels, shows entering and leaving them as added and deleted', async () => {
      const { resourceVersion } = await client.list({ namespace });
      const watch = follow(resourceVersion, { team: 'x' });
      const key = keyOf(await make('a'));
      await client.patch(key, { metadata: { labels: { team: 'x' } } });
      await client.patch(key, { spec: { size: 2 } });
      await client.patch(key, { metadata: { labels: { team: 'y' } } });
      await eventually(() => expect(watch.seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']));
    });

    test('ends without an error when its signal aborts', async () => {
      const { resourceVersion } = await client.list({ namespace });
      const watch = follow(resourceVersion);
      stop.abort();
      await expect(watch.done).resolves.toBeUndefined();
    });

    test('from a version that is forgotten is a GoneError', async ({ skip }) => {
      if (fixture.forgetEvents === undefined) skip('this server cannot be asked to forget');
      const { resourceVersion } = await client.list({ namespace });
      await make('a');
      await fixture.forgetEvents?.();
      await expect(follow(resourceVersion).done).rejects.toThrow(GoneError);
    });
  });
}
