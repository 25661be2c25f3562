// Starts informers, waits until they know everything, runs controllers, and stops all in the right order.
import type { Clock } from './clock.ts';
import { aborted, withinDeadline } from './deadline.ts';
import type { LeaderElector } from './leader-election.ts';
import type { Logger } from './observability.ts';

/** Something that runs until its signal aborts, then ends in good order. Ending earlier without an error is fine. */
export interface Runnable {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** A Runnable that others must wait for. */
export interface SyncedRunnable extends Runnable {
  readonly hasSynced: boolean;
  synced(): Promise<void>;
}

export interface ManagerOptions {
  readonly informers: readonly SyncedRunnable[];
  readonly controllers: readonly Runnable[];
  /**
   * Controllers run only while this process leads; informers run before, so that a standby is warm. A lost lease is a
   * failure: the process should end, and begin anew as a candidate. Without it, controllers run at once.
   */
  readonly leadership?: Pick<LeaderElector, 'name' | 'lead'> | undefined;
  /** What must outlive the controllers: servers, a bus. Started first, stopped last. */
  readonly services?: readonly Runnable[] | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 60 s by default. */
  readonly syncTimeoutMs?: number | undefined;
  /** For everything to stop; 30 s by default. Longer than a controller's drainTimeoutMs. */
  readonly gracePeriodMs?: number | undefined;
}

/** A part ended with an error; the manager stopped the others. The cause is that error. */
export class RunnableFailedError extends Error {
  override readonly name = 'RunnableFailedError';
}

export class Manager {
  readonly #options: ManagerOptions;
  readonly #running = new Set<string>();

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /**
   * Runs until the signal aborts, then stops controllers first, informers and services after.
   * @throws DeadlineExceededError when informers do not sync, or parts do not stop, in time.
   * @throws RunnableFailedError when a part fails.
   */
  async run(signal: AbortSignal): Promise<void> {
    const failure = new AbortController();
    const stop = AbortSignal.any([signal, failure.signal]);
    const stopServices = new AbortController();
    const { services = [], informers } = this.#options;
    const supporting = this.#start([...services, ...informers], stopServices.signal, failure);
    let reconciling: Promise<void> = Promise.resolve();
    try {
      if (await this.#synced(stop)) reconciling = this.#reconcile(stop, failure);
    } catch (error) {
      failure.abort(error);
    }
    await aborted(stop);
    await this.#stopped(reconciling, supporting, stopServices);
    failure.signal.throwIfAborted();
  }

  async #reconcile(stop: AbortSignal, failure: AbortController): Promise<void> {
    const { controllers, leadership, logger } = this.#options;
    const work = async (signal: AbortSignal): Promise<void> => {
      logger.info('Controllers started', { count: controllers.length });
      await this.#start(controllers, signal, failure);
    };
    if (leadership === undefined) return work(stop);
    const { name } = leadership;
    const leading = { name, run: (signal: AbortSignal) => leadership.lead(work, signal) };
    return this.#supervise(leading, stop, failure);
  }

  /** Until all have ended. */
  async #start(
    parts: readonly Runnable[],
    signal: AbortSignal,
    failure: AbortController,
  ): Promise<void> {
    await Promise.all(parts.map((part) => this.#supervise(part, signal, failure)));
  }

  async #supervise(part: Runnable, signal: AbortSignal, failure: AbortController): Promise<void> {
    this.#running.add(part.name);
    try {
      await part.run(signal);
    } catch (error) {
      this.#options.logger.error('Part of the manager failed', { part: part.name, error });
      failure.abort(new RunnableFailedError(`${part.name} failed`, { cause: error }));
    } finally {
      this.#running.delete(part.name);
    }
  }

  /** false when asked to stop before. */
  async #synced(stop: AbortSignal): Promise<boolean> {
    const { informers, clock, syncTimeoutMs: ms = 60_000 } = this.#options;
    const all = Promise.all(informers.map((informer) => informer.synced()));
    const first = Promise.race([all, aborted(stop)]);
    await withinDeadline({ clock, ms, reason: 'informers syncing' }, first).catch((error) => {
      const names = informers.filter(({ hasSynced }) => !hasSynced).map(({ name }) => name);
      this.#options.logger.error('Informers did not sync', { informers: names, error });
      throw error;
    });
    if (stop.aborted) return false;
    this.#options.logger.info('Informers synced', { count: informers.length });
    return true;
  }

  async #stopped(
    reconciling: Promise<void>,
    supporting: Promise<void>,
    stopServices: AbortController,
  ): Promise<void> {
    const { clock, logger, gracePeriodMs: ms = 30_000 } = this.#options;
    const ordered = async (): Promise<void> => {
      await reconciling;
      stopServices.abort();
      await supporting;
    };
    try {
      await withinDeadline({ clock, ms, reason: 'manager stopping' }, ordered());
    } catch (error) {
      stopServices.abort();
      logger.error('Parts did not stop in time', { parts: [...this.#running], error });
      throw error;
    }
  }
}
