// Takes keys from sources through a work queue to a reconciler, by a number of workers, and acts on each outcome.
import type { Clock } from './clock.ts';
import { aborted, underDeadline, withinDeadline } from './deadline.ts';
import { fairBetween } from './fair-keys.ts';
import { LeadershipLostError } from './leader-election.ts';
import { keyText, type ObjectKey, parseKey } from './object.ts';
import { ConflictError } from './object-errors.ts';
import { type Fields, type Logger, type Metrics, noMetrics } from './observability.ts';
import { defaultRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { type Reconciler, TerminalError } from './reconciler.ts';
import type { Source } from './source.ts';
import { WorkQueue } from './work-queue.ts';

export interface ControllerOptions {
  readonly name: string;
  readonly reconciler: Reconciler;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  /** Keys reconciled side by side; 1 by default. */
  readonly workers?: number | undefined;
  /**
   * What a key belongs to. Groups share workers and retries fairly: what one has to do, or gets wrong, does not delay
   * another. Without it, keys are worked on in the order in which they came.
   */
  readonly group?: ((key: ObjectKey) => string) | undefined;
  /** Workers that one group may hold at once; by default all but one. */
  readonly workersPerGroup?: number | undefined;
  readonly rateLimiter?: RateLimiter | undefined;
  /** What each line of log about a key says besides. */
  readonly about?: ((key: ObjectKey) => Fields) | undefined;
  /** After this the signal of a reconcile aborts; 60 s by default. */
  readonly reconcileTimeoutMs?: number | undefined;
  /** At shutdown, how long reconciles in hand may go on before their signal aborts; 8 s by default. */
  readonly drainTimeoutMs?: number | undefined;
}

type Result = 'success' | 'requeue_after' | 'conflict' | 'terminal_error' | 'error';

export class Controller {
  readonly name: string;
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** Aborts reconciles that outlive the drain. */
  readonly #cutOff = new AbortController();

  constructor(options: ControllerOptions) {
    const { name, clock, metrics, group, workers = 1 } = options;
    const groupOf = group && ((key: string) => group(parseKey(key)));
    const { workersPerGroup: atOnce = Math.max(1, workers - 1) } = options;
    this.name = `controller ${name}`;
    this.#options = options;
    this.#logger = options.logger.with({ controller: name });
    this.#metrics = metrics ?? noMetrics;
    this.#queue = new WorkQueue({
      name,
      clock,
      metrics,
      rateLimiter: options.rateLimiter ?? defaultRateLimiter(clock, groupOf),
      ready: groupOf && fairBetween(groupOf, { atOnce }),
    });
  }

  /** Reconciles until the signal aborts, then lets reconciles in hand finish. Runs once. */
  async run(signal: AbortSignal): Promise<void> {
    for (const source of this.#options.sources) {
      source.start((key) => this.#queue.add(keyText(key)), signal);
    }
    const workers = Array.from({ length: this.#options.workers ?? 1 }, () => this.#work());
    await aborted(signal);
    await this.#drain(signal.reason);
    await Promise.all(workers);
  }

  /** Without leadership nothing can be finished: writes are refused. */
  async #drain(why: unknown): Promise<void> {
    const { clock, drainTimeoutMs = 8_000 } = this.#options;
    const ms = why instanceof LeadershipLostError ? 0 : drainTimeoutMs;
    const drained = this.#queue.shutDown({ discard: true });
    const reason = `${this.name} draining`;
    try {
      await withinDeadline({ clock, ms, reason }, drained);
    } catch (error) {
      this.#logger.error('Cutting off reconciles', { keys: this.#queue.processing, error });
      this.#cutOff.abort(error);
    }
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.get(); key !== undefined; key = await this.#queue.get()) {
      const start = this.#options.clock.monotonic();
      const result = await this.#reconcile(key);
      this.#queue.done(key);
      const seconds = (this.#options.clock.monotonic() - start) / 1000;
      const controller = this.#options.name;
      this.#metrics.observe('controller_reconcile_seconds', seconds, { controller });
      this.#metrics.count('controller_reconciles_total', { controller, result });
    }
  }

  /** Never throws: every outcome ends in the queue. */
  async #reconcile(key: string): Promise<Result> {
    const { clock, reconciler, about, reconcileTimeoutMs = 60_000 } = this.#options;
    const logger = this.#logger.with({ key, ...about?.(parseKey(key)) });
    try {
      const deadline = { clock, ms: reconcileTimeoutMs, reason: `reconcile of ${key}` };
      const { requeueAfter } = await underDeadline(deadline, this.#cutOff.signal, (signal) =>
        reconciler.reconcile(parseKey(key), { signal, logger }),
      );
      this.#queue.forget(key);
      if (requeueAfter === undefined) return 'success';
      this.#queue.addAfter(key, requeueAfter);
      return 'requeue_after';
    } catch (error) {
      return this.#failed(key, error, logger);
    }
  }

  #failed(key: string, error: unknown, logger: Logger): Result {
    if (error instanceof TerminalError) {
      this.#queue.forget(key);
      logger.error('Reconcile failed for good', { error });
      return 'terminal_error';
    }
    this.#queue.addRateLimited(key);
    if (error instanceof ConflictError) {
      logger.info('Reconcile met a newer object, trying again', { error });
      return 'conflict';
    }
    logger.error('Reconcile failed, trying again', { error });
    return 'error';
  }
}
