// An API server of Things whose answers, lists and events are under way for as long as a test likes. Writes take effect when
// they are sent; what the client hears of them comes later: answers in any order, events in theirs.
import {
  AlreadyExistsError,
  ConflictError,
  type DeleteOptions,
  GoneError,
  type KubernetesObject,
  type ListOptions,
  matchesLabels,
  NotFoundError,
  type ObjectClient,
  type ObjectKey,
  type WatchEvent,
  type WatchOptions,
} from '../../../operator/runtime/index.ts';
import { type LiveThing, thing } from './scripted-reader.ts';

/** What happened to one name; `object` is undefined from its removal on. */
interface Happening {
  readonly version: number;
  readonly name: string;
  readonly object: LiveThing | undefined;
  readonly before: LiveThing | undefined;
}

/** With which version the server answers the write that removes an object's last finalizer. */
export type Removal = 'the version before' | 'its own version';

export class LaggingServer implements ObjectClient<KubernetesObject> {
  readonly history: Happening[] = [];
  readonly #objects = new Map<string, LiveThing>();
  readonly #underWay: (() => void)[] = [];
  readonly #removal: Removal;
  #told = 0;
  #bookmark = false;
  #cut: 'end' | 'gone' | undefined;
  #wake: () => void = () => {};
  #uids = 0;

  constructor(removal: Removal) {
    this.#removal = removal;
  }

  get #version(): number {
    return this.history.length + 1;
  }

  objects(labels: ListOptions['labels']): LiveThing[] {
    return [...this.#objects.values()].filter((object) => matchesLabels(object, labels));
  }

  // What the test decides.

  /** Delivers one of the answers under way. */
  answer(pick: number): void {
    if (this.#underWay.length > 0) this.#underWay.splice(pick % this.#underWay.length, 1)[0]?.();
  }

  answerAll(): void {
    for (const deliver of this.#underWay.splice(0)) deliver();
  }

  tell(events: number): void {
    this.#told = Math.min(this.history.length, this.#told + events);
    this.#wake();
  }

  tellBookmark(): void {
    this.#bookmark = true;
    this.#wake();
  }

  cutWatch(how: 'end' | 'gone'): void {
    this.#cut = how;
    this.#wake();
  }

  // What clients ask for.

  get(): Promise<never> {
    return Promise.reject(new Error('nobody gets'));
  }

  list({ labels }: ListOptions = {}) {
    return this.#later({
      items: this.objects(labels),
      resourceVersion: String(this.#version),
    });
  }

  async *watch({ resourceVersion, labels, signal }: WatchOptions) {
    signal.addEventListener('abort', () => this.#wake());
    let next = Number(resourceVersion) - 1;
    this.#told = Math.max(this.#told, next);
    this.#cut = undefined;
    this.#bookmark = false;
    while (!signal.aborted) {
      if (next < this.#told) {
        const event = seenWith(labels, this.history[next]!);
        next += 1;
        if (event !== undefined) yield event;
      } else if (this.#bookmark) {
        this.#bookmark = false;
        yield { type: 'BOOKMARK' as const, resourceVersion: String(next + 1) };
      } else if (this.#cut === 'gone') {
        throw new GoneError('compacted');
      } else if (this.#cut === 'end') {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  create({ metadata }: KubernetesObject) {
    return this.#later(() => {
      if (this.#objects.has(metadata.name)) throw new AlreadyExistsError(metadata.name);
      return this.#set(metadata.name, { ...metadata, uid: `uid-${this.#uids++}` });
    });
  }

  patch({ name }: ObjectKey, { metadata }: { readonly metadata?: object | null }) {
    return this.#later(() => {
      const object = this.#found(name);
      const next: LiveThing['metadata'] = { ...object.metadata, ...metadata };
      const isLast = next.deletionTimestamp !== undefined && next.finalizers?.length === 0;
      if (!isLast) return this.#set(name, next);
      const removed = this.#remove(name, { ...object, metadata: next });
      return this.#removal === 'its own version' ? removed : { ...object, metadata: next };
    });
  }

  patchStatus(): Promise<never> {
    return Promise.reject(new Error('nobody writes status'));
  }

  delete({ name }: ObjectKey, { uid }: DeleteOptions = {}): Promise<void> {
    return this.#later(() => {
      const object = this.#found(name);
      if (uid !== undefined && uid !== object.metadata.uid) throw new ConflictError(name);
      const { deletionTimestamp = '2030-01-01T00:00:01Z', finalizers = [] } = object.metadata;
      if (finalizers.length > 0) this.#set(name, { ...object.metadata, deletionTimestamp });
      else this.#remove(name, object);
    });
  }

  #found(name: string): LiveThing {
    const object = this.#objects.get(name);
    if (object === undefined) throw new NotFoundError(name);
    return object;
  }

  #set(name: string, metadata: LiveThing['metadata'] | KubernetesObject['metadata']): LiveThing {
    const version = this.#version + 1;
    const object = thing(name, version, { ...metadata, resourceVersion: String(version) });
    this.history.push({ version, name, object, before: this.#objects.get(name) });
    this.#objects.set(name, object);
    return object;
  }

  #remove(name: string, last: LiveThing): LiveThing {
    const version = this.#version + 1;
    const object = { ...last, metadata: { ...last.metadata, resourceVersion: String(version) } };
    this.#objects.delete(name);
    this.history.push({ version, name, object: undefined, before: object });
    return object;
  }

  /** Happens now, is heard of later. */
  #later<R>(effect: R | (() => R)): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    try {
      const result = effect instanceof Function ? effect() : effect;
      this.#underWay.push(() => resolve(result));
    } catch (error) {
      this.#underWay.push(() => reject(error));
    }
    return promise;
  }
}

/** With a selector, entering it reads as ADDED and leaving it as DELETED. */
function seenWith(
  labels: ListOptions['labels'],
  { object, before, version }: Happening,
): WatchEvent<KubernetesObject> | undefined {
  const was = before !== undefined && matchesLabels(before, labels);
  if (object !== undefined && matchesLabels(object, labels))
    return { type: was ? 'MODIFIED' : 'ADDED', object };
  if (before === undefined || !was) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(version) };
  return { type: 'DELETED', object: { ...before, metadata } };
}
