// Objects in this process, behaving as on an API server: versions, subresources, watches, finalizers, garbage collection.
// A write is on disk before anyone sees it, so a crash at any moment loses nothing that was acknowledged.
import { isDeepStrictEqual } from 'node:util';
import {
  AlreadyExistsError,
  type Clock,
  type DeleteOptions,
  GoneError,
  InvalidError,
  type KubernetesObject,
  keyOf,
  keyText,
  type ListOptions,
  type Logger,
  matchesLabels,
  NotFoundError,
  type ObjectClient,
  type ObjectClients,
  type ObjectKey,
  type ObjectKind,
  type Preconditions,
  type WatchEvent,
  type WatchOptions,
} from '../../runtime/index.ts';
import { isIn, seenBy } from './event-filter.ts';
import { EventWindow, type StoreEvent } from './event-window.ts';
import { freeze } from './freeze.ts';
import { inTurn } from './in-turn.ts';
import {
  checkPreconditions,
  isFinished,
  jsonCopy,
  type LiveObject,
  markedForDeletion,
  newObject,
  patched,
  statusPatched,
} from './object-changes.ts';
import { ObjectFiles } from './object-files.ts';
import { kindText, ObjectTable } from './object-table.ts';
import { Revisions } from './revisions.ts';
import type { StoredKind } from './stored-kind.ts';

export interface ObjectStoreOptions {
  /** Owned by one process at a time. */
  readonly directory: string;
  readonly kinds: readonly StoredKind[];
  readonly clock: Clock;
  readonly newUid: () => string;
  readonly logger: Logger;
  /** Events a watcher may lag behind before it must list again; 1000 by default. */
  readonly eventWindow?: number | undefined;
}

export class ObjectStore implements ObjectClients {
  readonly #options: ObjectStoreOptions;
  readonly #kinds = new Map<string, StoredKind>();
  readonly #files: ObjectFiles;
  readonly #table = new ObjectTable();
  readonly #revisions: Revisions;
  readonly #events: EventWindow;
  /** Writes happen one after the other, so that events come in the order of their revisions. */
  readonly #write = inTurn();

  private constructor(options: ObjectStoreOptions, revisions: Revisions) {
    this.#options = options;
    this.#revisions = revisions;
    this.#files = new ObjectFiles(options.directory);
    this.#events = new EventWindow(options.eventWindow ?? 1000, revisions.current);
    for (const stored of options.kinds) this.#kinds.set(kindText(stored.kind), stored);
  }

  /** Loads what the directory holds. @throws UnreadableObjectError */
  static async open(options: ObjectStoreOptions): Promise<ObjectStore> {
    const store = new ObjectStore(options, await Revisions.open(options.directory));
    for (const { kind, keep } of options.kinds) {
      if (keep === 'memory') continue;
      for (const object of await store.#files.load(kind, options.logger)) {
        store.#table.set(freeze(object));
      }
    }
    // A crash may have come between an owner's removal and that of what it owned.
    await store.#write(async () => {
      for (const object of store.#table.all()) await store.#collect(object);
    });
    return store;
  }

  /** @throws RangeError for a kind that was not declared. */
  of<T extends KubernetesObject>(kind: ObjectKind<T>): ObjectClient<T> {
    const stored = this.#kinds.get(kindText(kind));
    if (stored === undefined) {
      const known = [...this.#kinds.keys()].join(', ');
      throw new RangeError(`the store serves no ${kindText(kind)} (it serves: ${known})`);
    }
    const client: ObjectClient<KubernetesObject> = {
      get: async (key) => this.#current(stored, key),
      list: async (options) => this.#list(stored, options),
      watch: (options) => this.#watch(stored, options),
      create: (object) => this.#write(() => this.#create(stored, jsonCopy(object))),
      patch: (key, patch, conditions) => {
        const copy = jsonCopy(patch);
        return this.#change(stored, { key, conditions }, (current) => patched(current, copy));
      },
      patchStatus: (key, status, conditions) => {
        const copy = jsonCopy(status);
        return this.#change(stored, { key, conditions }, (current) => statusPatched(current, copy));
      },
      delete: (key, options) => this.#write(() => this.#delete(stored, key, options)),
    };
    // The one place where the type of a kind's objects is taken on trust: `kind` was declared with its objects' type.
    return client as unknown as ObjectClient<T>;
  }

  #current({ kind }: StoredKind, key: ObjectKey): LiveObject {
    const object = this.#table.get(kind, key);
    if (object === undefined) throw new NotFoundError(`${kind.kind} ${keyText(key)}`);
    return object;
  }

  #list(
    { kind }: StoredKind,
    { namespace, labels }: ListOptions = {},
  ): {
    items: LiveObject[];
    resourceVersion: string;
  } {
    const items = this.#table
      .list(kind)
      .filter((object) => isIn(object, namespace) && matchesLabels(object, labels));
    return { items, resourceVersion: String(this.#events.revision) };
  }

  async *#watch(
    { kind }: StoredKind,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<KubernetesObject>> {
    const from = Number(options.resourceVersion);
    if (from > this.#events.revision) {
      throw new GoneError(`resourceVersion ${from} is not of this store; list again`);
    }
    for await (const events of this.#events.follow(from, options.signal)) {
      for (const event of events) {
        const seen = seenBy(event, kind, options);
        if (seen !== undefined) yield seen;
      }
    }
  }

  async #create(stored: StoredKind, object: KubernetesObject): Promise<LiveObject> {
    const { kind } = stored;
    const key = keyOf(object);
    if (kindText(object) !== kindText(kind) || kind.namespaced !== (key.namespace !== '')) {
      const place = kind.namespaced ? 'with a namespace' : 'without a namespace';
      throw new InvalidError(
        `expected a ${kindText(kind)} ${place}, found ${kindText(object)} ${keyText(key)}`,
      );
    }
    if (this.#table.get(kind, key) !== undefined) {
      throw new AlreadyExistsError(`${kind.kind} ${keyText(key)}`);
    }
    const identity = { uid: this.#options.newUid(), timestamp: this.#timestamp() };
    const created = await this.#commit(stored, newObject(object, identity), undefined);
    await this.#collect(created);
    return created;
  }

  #change(
    stored: StoredKind,
    target: { key: ObjectKey; conditions: Preconditions | undefined },
    next: (current: LiveObject) => LiveObject,
  ): Promise<LiveObject> {
    return this.#write(async () => {
      const current = this.#current(stored, target.key);
      checkPreconditions(current, target.conditions ?? {});
      return this.#commit(stored, next(current), current);
    });
  }

  async #delete(
    stored: StoredKind,
    key: ObjectKey,
    { propagation, gracePeriodSeconds, ...conditions }: DeleteOptions = {},
  ): Promise<void> {
    const current = this.#current(stored, key);
    checkPreconditions(current, conditions);
    if (propagation === 'Orphan') await this.#orphan(current);
    const grace = stored.graceSeconds?.(current) ?? 0;
    const granted = grace === 0 ? 0 : (gracePeriodSeconds ?? grace);
    await this.#commit(stored, markedForDeletion(current, this.#timestamp(), granted), current);
  }

  /** Makes `next` the state, on disk first. What is asked to go and kept by nothing goes, and takes along what it owns. */
  async #commit(
    stored: StoredKind,
    next: LiveObject,
    previous: LiveObject | undefined,
  ): Promise<LiveObject> {
    if (previous !== undefined && isDeepStrictEqual(next, previous)) return previous;
    const goes = isFinished(next);
    const admitted = goes ? next : ((stored.admit?.(next, previous) ?? next) as LiveObject);
    const revision = await this.#revisions.next();
    const metadata = { ...admitted.metadata, resourceVersion: String(revision) };
    const object = freeze({ ...admitted, metadata });
    await this.#persist(stored, object, goes);
    if (goes) this.#table.delete(object);
    else this.#table.set(object);
    this.#events.append({
      revision,
      kind: kindText(stored.kind),
      object,
      previous,
      ...typeOf(previous, goes),
    });
    if (goes) {
      for (const dependent of this.#table.dependents(object.metadata.uid)) {
        await this.#collect(dependent);
      }
    }
    return object;
  }

  async #persist({ kind, keep }: StoredKind, object: LiveObject, goes: boolean): Promise<void> {
    if (keep === 'memory') return;
    if (goes) await this.#files.remove(kind, keyOf(object));
    else await this.#files.write(kind, keyOf(object), object);
  }

  /** Deletes an object whose owners are all gone. An owner of a kind that is not served here counts as there. */
  async #collect(object: LiveObject): Promise<void> {
    const owners = object.metadata.ownerReferences ?? [];
    const isGone = (owner: (typeof owners)[number]): boolean =>
      this.#kinds.has(kindText(owner)) && !this.#table.hasUid(owner.uid);
    const stored = this.#kinds.get(kindText(object));
    if (stored === undefined || owners.length === 0 || !owners.every(isGone)) return;
    if (this.#table.hasUid(object.metadata.uid)) await this.#delete(stored, keyOf(object));
  }

  async #orphan(owner: LiveObject): Promise<void> {
    for (const dependent of this.#table.dependents(owner.metadata.uid)) {
      const stored = this.#kinds.get(kindText(dependent));
      const ownerReferences = (dependent.metadata.ownerReferences ?? []).filter(
        ({ uid }) => uid !== owner.metadata.uid,
      );
      const freed = patched(dependent, { metadata: { ownerReferences } });
      if (stored !== undefined) await this.#commit(stored, freed, dependent);
    }
  }

  #timestamp(): string {
    return new Date(this.#options.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

function typeOf(previous: LiveObject | undefined, goes: boolean): Pick<StoreEvent, 'type'> {
  if (goes) return { type: 'DELETED' };
  return { type: previous === undefined ? 'ADDED' : 'MODIFIED' };
}
