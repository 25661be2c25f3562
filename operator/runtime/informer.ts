// Keeps a cache of one kind up to date by list and watch, and tells handlers, which only enqueue keys.
import { CacheWriter } from './cache-writer.ts';
import type { Clock } from './clock.ts';
import { withinDeadline } from './deadline.ts';
import {
  type KubernetesObject,
  type LabelSelector,
  type Live,
  matchesLabels,
  type ObjectKey,
  type ObjectKind,
} from './object.ts';
import { type CacheChange, type IndexFunction, ObjectCache } from './object-cache.ts';
import type { ObjectReader } from './object-client.ts';
import { GoneError } from './object-errors.ts';
import { type Logger, type Metrics, noMetrics } from './observability.ts';
import { type Backoff, backoffMs } from './rate-limiter.ts';

export interface InformerOptions<T extends KubernetesObject> {
  readonly kind: ObjectKind<T>;
  readonly reader: ObjectReader<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  /** In [0, 1): spreads reconnects, so that many informers do not come back at once. */
  readonly random: () => number;
  readonly namespace?: string | undefined;
  readonly labels?: LabelSelector | undefined;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>> | undefined;
  readonly backoff?: Backoff | undefined;
  /** For one list, all its pages; 120 s by default. */
  readonly listTimeoutMs?: number | undefined;
}

/** Called synchronously with every change; must not block. What it throws is logged and stops nothing. */
export type ChangeHandler<T extends KubernetesObject> = (change: CacheChange<T>) => void;

/** How a round of list and watch ended. */
interface Ending {
  readonly reason: 'closed' | 'gone' | 'list_failed' | 'watch_failed';
  readonly error?: unknown;
  readonly watchedMs: number;
}

/** A watch that lived this long was a good one: the next failure is a first one again. */
const HEALTHY_WATCH_MS = 5_000;

export class Informer<T extends KubernetesObject> {
  readonly name: string;
  readonly cache: ObjectCache<T>;
  readonly #options: InformerOptions<T>;
  readonly #writer: CacheWriter<T>;
  readonly #metrics: Metrics;
  readonly #labels: { readonly kind: string };
  readonly #backoff: Backoff;
  readonly #handlers: ChangeHandler<T>[] = [];
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  /** Where the watch goes on; undefined: list first. */
  #resourceVersion: string | undefined;
  #failures = 0;

  constructor(options: InformerOptions<T>) {
    const { kind, namespace, labels } = options;
    this.name = `informer ${kind.kind}`;
    this.cache = new ObjectCache(options.indexes);
    this.#options = options;
    this.#writer = new CacheWriter(
      this.cache,
      (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) &&
        matchesLabels(object, labels),
    );
    this.#metrics = options.metrics ?? noMetrics;
    this.#labels = { kind: kind.kind };
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

  /**
   * Takes over what an own write returned: the cache and the handlers know it at once, and older news of the object is
   * ignored from now on. News that has come before it is not undone: what is deleted meanwhile does not come back.
   */
  wrote(object: Live<T>): void {
    this.#apply(this.#writer.wrote(object));
  }

  /**
   * Takes over that an own delete was accepted: the object, if it is known, reads as being deleted (deletionTimestamp)
   * until the server shows its end. It stays known, as finalizers or grace may keep it.
   */
  deleted(key: ObjectKey, uid: string): void {
    const timestamp = new Date(this.#options.clock.now()).toISOString();
    this.#apply(this.#writer.deleted(key, uid, timestamp));
  }

  /** Lists and watches until the signal aborts, whatever fails meanwhile. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ending = await this.#listAndWatch(signal);
      if (signal.aborted) return;
      const { reason, watchedMs } = ending;
      this.#metrics.count('informer_restarts_total', { ...this.#labels, reason });
      if (reason === 'gone') this.#resourceVersion = undefined;
      const isHealthy = watchedMs >= HEALTHY_WATCH_MS;
      if (isHealthy) this.#failures = 0;
      if (isHealthy && reason === 'closed') continue;
      await this.#pause(ending, signal);
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<Ending> {
    const { clock } = this.#options;
    try {
      this.#resourceVersion ??= await this.#list(signal);
    } catch (error) {
      return { reason: 'list_failed', error, watchedMs: 0 };
    }
    const start = clock.monotonic();
    try {
      await this.#watch(this.#resourceVersion, signal);
      return { reason: 'closed', watchedMs: clock.monotonic() - start };
    } catch (error) {
      const reason = error instanceof GoneError ? 'gone' : 'watch_failed';
      return { reason, error, watchedMs: clock.monotonic() - start };
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { reader, namespace, labels, clock, listTimeoutMs: ms = 120_000 } = this.#options;
    const deadline = { clock, ms, reason: `list of ${this.#labels.kind}`, signal };
    const cancel = new AbortController();
    try {
      const listing = reader.list({ namespace, labels, signal: cancel.signal });
      const list = await withinDeadline(deadline, listing);
      for (const change of this.#writer.list(list)) this.#tellAll(change);
      this.#metrics.gauge('informer_objects', this.cache.size, this.#labels);
      this.#hasSynced = true;
      this.#synced.resolve();
      return list.resourceVersion;
    } finally {
      cancel.abort();
    }
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { reader, namespace, labels } = this.#options;
    for await (const event of reader.watch({ namespace, labels, resourceVersion, signal })) {
      if (event.type === 'BOOKMARK') {
        this.#writer.bookmark(event.resourceVersion);
        this.#resourceVersion = event.resourceVersion;
        continue;
      }
      this.#apply(this.#writer.event(event));
      this.#resourceVersion = event.object.metadata.resourceVersion;
      this.#failures = 0;
    }
  }

  async #pause({ reason, error }: Ending, signal: AbortSignal): Promise<void> {
    const { clock, logger, random } = this.#options;
    const ms = backoffMs(this.#backoff, this.#failures) * (0.5 + random() / 2);
    this.#failures += 1;
    const next = this.#resourceVersion === undefined ? 'list' : 'watch';
    const fields = { informer: this.name, reason, next, ms, failures: this.#failures, error };
    if (reason === 'list_failed') logger.error('List failed, trying again', fields);
    else logger.info('Watch ended, starting it again', fields);
    await clock.sleep(ms, signal).catch(() => {});
  }

  #apply(change: CacheChange<T> | undefined): void {
    if (change === undefined) return;
    this.#metrics.gauge('informer_objects', this.cache.size, this.#labels);
    this.#tellAll(change);
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
