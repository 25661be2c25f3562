// Keeps a cache of one kind up to date by list and watch, and tells handlers, which only enqueue keys.
import type { Clock } from './clock.ts';
import type { KubernetesObject, LabelSelector, ObjectKind } from './object.ts';
import { type CacheChange, type IndexFunction, ObjectCache } from './object-cache.ts';
import type { ObjectReader, WatchEvent } from './object-client.ts';
import { GoneError } from './object-errors.ts';
import type { Logger } from './observability.ts';
import { type Backoff, backoffMs } from './rate-limiter.ts';

export interface InformerOptions<T extends KubernetesObject> {
  readonly kind: ObjectKind<T>;
  readonly reader: ObjectReader<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1): spreads reconnects, so that many informers do not come back at once. */
  readonly random: () => number;
  readonly namespace?: string | undefined;
  readonly labels?: LabelSelector | undefined;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>> | undefined;
  readonly backoff?: Backoff | undefined;
}

/** Called synchronously with every change; must not block. What it throws is logged and stops nothing. */
export type ChangeHandler<T extends KubernetesObject> = (change: CacheChange<T>) => void;

/** A watch that lived this long was a good one: the next failure is a first one again. */
const HEALTHY_WATCH_MS = 5_000;

export class Informer<T extends KubernetesObject> {
  readonly name: string;
  readonly cache: ObjectCache<T>;
  readonly #options: InformerOptions<T>;
  readonly #backoff: Backoff;
  readonly #handlers: ChangeHandler<T>[] = [];
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  /** Where the watch goes on; undefined: list first. */
  #resourceVersion: string | undefined;
  #failures = 0;

  constructor(options: InformerOptions<T>) {
    this.name = `informer ${options.kind.kind}`;
    this.cache = new ObjectCache(options.indexes);
    this.#options = options;
    this.#backoff = options.backoff ?? { initialMs: 200, maxMs: 30_000 };
  }

  /** Whether the cache has held a whole list. From then on it may lag, but lacks nothing. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** What is already cached is told to the new handler as added. */
  addHandler(handler: ChangeHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.cache.list()) this.#tell(handler, { type: 'added', object });
  }

  /** Lists and watches until the signal aborts, whatever fails meanwhile. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const start = this.#options.clock.monotonic();
      const failure = await this.#listAndWatch(signal);
      if (signal.aborted) return;
      if (failure instanceof GoneError) this.#resourceVersion = undefined;
      const healthy = this.#options.clock.monotonic() - start >= HEALTHY_WATCH_MS;
      if (healthy) this.#failures = 0;
      if (healthy && failure === undefined) continue;
      await this.#pause(failure, signal);
    }
  }

  /** Ends when the watch does, with what ended it. */
  async #listAndWatch(signal: AbortSignal): Promise<unknown> {
    const { reader, namespace, labels } = this.#options;
    try {
      this.#resourceVersion ??= await this.#list();
      const resourceVersion = this.#resourceVersion;
      for await (const event of reader.watch({ namespace, labels, resourceVersion, signal })) {
        this.#apply(event);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #list(): Promise<string> {
    const { reader, namespace, labels } = this.#options;
    const { items, resourceVersion } = await reader.list({ namespace, labels });
    for (const change of this.cache.replace(items)) this.#tellAll(change);
    this.#hasSynced = true;
    this.#synced.resolve();
    return resourceVersion;
  }

  #apply(event: WatchEvent<T>): void {
    if (event.type === 'BOOKMARK') {
      this.#resourceVersion = event.resourceVersion;
      return;
    }
    const { type, object } = event;
    const change = type === 'DELETED' ? this.cache.remove(object) : this.cache.set(object);
    this.#resourceVersion = object.metadata.resourceVersion;
    this.#failures = 0;
    if (change !== undefined) this.#tellAll(change);
  }

  async #pause(failure: unknown, signal: AbortSignal): Promise<void> {
    const { clock, logger, random } = this.#options;
    const ms = backoffMs(this.#backoff, this.#failures) * (0.5 + random() / 2);
    this.#failures += 1;
    const next = this.#resourceVersion === undefined ? 'list' : 'watch';
    logger.info('Watch ended, starting it again', {
      informer: this.name,
      next,
      ms,
      error: failure,
    });
    await clock.sleep(ms, signal).catch(() => {});
  }

  #tellAll(change: CacheChange<T>): void {
    for (const handler of this.#handlers) this.#tell(handler, change);
  }

  #tell(handler: ChangeHandler<T>, change: CacheChange<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.#options.logger.error('Handler of an informer threw', { informer: this.name, error });
    }
  }
}
