// Starts informers, waits until they know everything, runs controllers, and stops all in the right order.
import type { Clock } from './clock.ts';
import { aborted, withinDeadline } from './deadline.ts';
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
    const { services = [], informers, controllers } = this.#options;
    const start = (parts: readonly Runnable[], until: AbortSignal): Promise<unknown> =>
      Promise.all(parts.map((part) => this.#supervise(part, until, failure)));

    const supporting = [start([...services, ...informers], stopServices.signal)];
    const reconciling: Promise<unknown>[] = [];
    try {
      if (await this.#synced(stop)) {
        reconciling.push(start(controllers, stop));
        this.#options.logger.info('Controllers started', { count: controllers.length });
      }
    } catch (error) {
      failure.abort(error);
    }
    await aborted(stop);
    await this.#stopped(reconciling, supporting, stopServices);
    failure.signal.throwIfAborted();
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
    return !stop.aborted;
  }

  async #stopped(
    reconciling: readonly Promise<unknown>[],
    supporting: readonly Promise<unknown>[],
    stopServices: AbortController,
  ): Promise<void> {
    const { clock, logger, gracePeriodMs: ms = 30_000 } = this.#options;
    const ordered = async (): Promise<void> => {
      await Promise.all(reconciling);
      stopServices.abort();
      await Promise.all(supporting);
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
