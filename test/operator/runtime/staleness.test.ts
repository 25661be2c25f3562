// The staleness guard under every order of news: own and foreign writes, their answers, events and lists, all late.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CacheChange,
  Informer,
  type KubernetesObject,
  type Live,
  type MergePatch,
  matchesLabels,
  type ObjectClient,
  silentLogger,
  writeThrough,
} from '../../../operator/runtime/index.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { LaggingServer, type Removal } from './lagging-server.ts';
import { THING, thing } from './scripted-reader.ts';

const NAMES = ['a', 'b'] as const;
const SELECTION = { kept: 'yes' };
const HELD = ['test.dev/keep'];

interface Write {
  readonly do: 'create' | 'touch' | 'hide' | 'show' | 'finish' | 'delete';
  readonly name: (typeof NAMES)[number];
  /** By the reader, through its informer; else by someone else. */
  readonly isOwn: boolean;
  /** Created with a finalizer. */
  readonly isHeld: boolean;
}

type Step =
  | Write
  | { readonly do: 'answer' | 'tell'; readonly n: number }
  | { readonly do: 'bookmark' | 'end' | 'gone' }
  | { readonly do: 'pass'; readonly ms: number };

const write: fc.Arbitrary<Write> = fc.record({
  do: fc.constantFrom('create', 'create', 'touch', 'finish', 'delete', 'hide', 'show'),
  name: fc.constantFrom(...NAMES),
  isOwn: fc.boolean(),
  isHeld: fc.boolean(),
});
const count = (what: 'answer' | 'tell') =>
  fc.record({ do: fc.constant(what), n: fc.integer({ min: 1, max: 4 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: write },
  { weight: 3, arbitrary: count('answer') },
  { weight: 2, arbitrary: count('tell') },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('bookmark', 'end', 'gone') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 1000) }),
  },
);

/** A reader that writes: after each bit of news it checks what it sees against what it knows it has written. */
class Reader {
  readonly #clock = new FakeClock();
  readonly #server: LaggingServer;
  readonly #informer: Informer<KubernetesObject>;
  readonly #client: ObjectClient<KubernetesObject>;
  /** Version of the last own write that was answered, by name. */
  readonly #written = new Map<string, number>();
  /** Uids of known objects whose own delete was accepted. */
  readonly #deleted = new Set<string>();
  /** Uids whose removal was told. */
  readonly #ended = new Set<string>();
  readonly #failures: unknown[] = [];
  #touches = 0;

  constructor(server: LaggingServer, signal: AbortSignal) {
    this.#server = server;
    this.#informer = new Informer<KubernetesObject>({
      kind: THING,
      reader: server,
      clock: this.#clock,
      logger: silentLogger,
      random: () => 0.5,
      labels: SELECTION,
    });
    this.#client = writeThrough(server, this.#informer);
    this.#informer.addHandler((change) => this.#told(change));
    void this.#informer.run(signal);
  }

  async play(next: Step): Promise<void> {
    if ('isOwn' in next) this.#write(next);
    else if (next.do === 'answer') this.#server.answer(next.n);
    else if (next.do === 'tell') this.#server.tell(next.n);
    else if (next.do === 'bookmark') this.#server.tellBookmark();
    else if (next.do === 'pass') await this.#clock.advance(next.ms);
    else this.#server.cutWatch(next.do);
    await settle();
    this.#check();
    this.throwFailures();
  }

  /** All that is under way arrives; what is seen then. */
  async catchUp(): Promise<readonly Live<KubernetesObject>[]> {
    for (let i = 0; i < 10; i += 1) {
      this.#server.answerAll();
      await this.#clock.advance(40_000);
      this.#server.tell(100);
      await settle();
    }
    this.throwFailures();
    return this.#informer.cache.list();
  }

  throwFailures(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #write({ do: what, name, isOwn, isHeld }: Write): void {
    const key = { namespace: 'default', name };
    const client = isOwn ? this.#client : this.#server;
    const known = this.#informer.cache.get(key)?.metadata.uid;
    const patch = (metadata: object) =>
      client.patch(key, { metadata } as MergePatch<KubernetesObject>);
    const touch = { annotations: { touch: String(this.#touches++) } };
    const finalizers = isHeld ? HELD : [];
    // Others do not move out of the selection what the reader deletes meanwhile: that is left to the watch.
    const send: Record<Write['do'], () => Promise<Live<KubernetesObject> | undefined>> = {
      create: () => client.create(thing(name, 0, { labels: SELECTION, finalizers })),
      touch: () => patch(touch),
      hide: () => patch(isOwn ? { labels: {} } : touch),
      show: () => patch(isOwn ? { labels: SELECTION } : touch),
      finish: () => patch({ finalizers: [] }),
      delete: async () => {
        await client.delete(key, isOwn && known !== undefined ? { uid: known } : {});
        return undefined;
      },
    };
    const answered = (object: Live<KubernetesObject> | undefined) => {
      if (!isOwn) return;
      const version = Number(object?.metadata.resourceVersion ?? 0);
      this.#written.set(name, Math.max(version, this.#written.get(name) ?? 0));
      const isKnown = known !== undefined && this.#seen(name)?.metadata.uid === known;
      if (what === 'delete' && isKnown) this.#deleted.add(known);
      this.#check();
    };
    // A refused write changes nothing.
    send[what]().then(answered, () => {});
  }

  #told({ type, object }: CacheChange<KubernetesObject>): void {
    const { uid, resourceVersion } = object.metadata;
    const isEnd = (version: number) => version <= Number(resourceVersion);
    const removed = this.#server.history.some(
      (h) => h.object === undefined && h.before?.metadata.uid === uid && isEnd(h.version),
    );
    if (type === 'deleted' && removed) this.#ended.add(uid);
    this.#check();
  }

  #seen(name: string): Live<KubernetesObject> | undefined {
    return this.#informer.cache.get({ namespace: 'default', name });
  }

  /** Each name reads as it was at some moment no older than the last own write. */
  #check(): void {
    try {
      for (const name of NAMES) {
        const seen = this.#seen(name);
        const since = this.#written.get(name) ?? 0;
        if (seen === undefined) this.#checkAbsent(name, since);
        else this.#checkSeen(seen, since);
      }
    } catch (error) {
      this.#failures.push(error);
    }
  }

  #checkSeen({ metadata }: Live<KubernetesObject>, since: number): void {
    expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(since);
    expect([...this.#ended]).not.toContain(metadata.uid);
    if (this.#deleted.has(metadata.uid)) expect(metadata.deletionTimestamp).toBeDefined();
  }

  #checkAbsent(name: string, since: number): void {
    if (since === 0) return;
    const absent = this.#server.history.filter(
      (h) => h.name === name && (h.object === undefined || !matchesLabels(h.object, SELECTION)),
    );
    expect(absent.map(({ version }) => version >= since)).toContain(true);
  }
}

test.each<Removal>(['the version before', 'its own version'])(
  'a reader sees nothing older than its last write, and in the end what there is; a removal is answered with %s',
  async (removal) => {
    const anyOrder = async (steps: readonly Step[]) => {
      const stop = new AbortController();
      const server = new LaggingServer(removal);
      const reader = new Reader(server, stop.signal);
      for (const next of steps) await reader.play(next);
      const states = (objects: readonly Live<KubernetesObject>[]) =>
        objects.map(({ metadata }) => metadata).sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(states(await reader.catchUp())).toEqual(states(server.objects(SELECTION)));
      stop.abort();
    };
    const steps = fc.array(step, { minLength: 5, maxLength: 40 });
    await fc.assert(fc.asyncProperty(steps, anyOrder), {
      numRuns: 300,
    });
  },
  60_000,
);
