// Trying until it works: through an outage of up to an hour; until the trainer is asked to end, which leaves one short try;
// and not for long where the broker is there and refuses.
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';

export interface PersistenceOptions {
  readonly connection: Promise<NatsConnection>;
  readonly log: (line: string) => void;
  /** The trainer is asked to end. */
  readonly signal: AbortSignal;
  /** The longest outage that is waited for; an hour by default. */
  readonly patienceMs?: number | undefined;
}

export interface Effort {
  /** Failures while the broker is there; endless by default. */
  readonly tries?: number;
  /** In place of the usual patience. */
  readonly patienceMs?: number | undefined;
  /** What a try that is under way gets when the trainer is asked to end; as long as it takes by default. */
  readonly lastMs?: number;
}

/** It did not work in time. */
export class NatsGaveUpError extends Error {
  override readonly name = 'NatsGaveUpError';
}

/** The broker is not there. */
class OutageError extends Error {
  override readonly name = 'OutageError';
}

const HOUR_MS = 3_600_000;
const ANSWER_MS = 5_000;
/** Of a broker that a trainer looks for when it is about to end. */
const LAST_ANSWER_MS = 1_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export class Persistence {
  readonly #options: PersistenceOptions;
  #failingSince: number | undefined;

  constructor(options: PersistenceOptions) {
    this.#options = options;
  }

  /** @throws NatsGaveUpError */
  async until<T>(
    what: string,
    work: (connection: NatsConnection) => Promise<T>,
    effort: Effort = {},
  ): Promise<T> {
    const { signal, log } = this.#options;
    const begun = performance.now();
    let refusals = 0;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      try {
        const value = await this.#once(work, effort);
        this.#failingSince = undefined;
        return value;
      } catch (cause) {
        if (!(cause instanceof OutageError)) refusals += 1;
        if (signal.aborted || refusals >= (effort.tries ?? Infinity) || this.#isOver(begun, effort))
          throw new NatsGaveUpError(`${what}: ${cause}`, { cause });
        log(`${what}: ${cause}; trying again in ${pauseMs} ms`);
        await delay(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** One hour for all that follows an outage: not one for each report and each file. */
  #isOver(begun: number, { patienceMs }: Effort): boolean {
    const now = performance.now();
    if (patienceMs !== undefined) return now - begun >= patienceMs;
    this.#failingSince ??= begun;
    return now - this.#failingSince >= (this.#options.patienceMs ?? HOUR_MS);
  }

  async #once<T>(
    work: (connection: NatsConnection) => Promise<T>,
    { lastMs = Infinity, patienceMs = ANSWER_MS }: Effort,
  ): Promise<T> {
    const { signal } = this.#options;
    const over = new AbortController();
    try {
      return await Promise.race([
        this.#reached(Math.min(patienceMs, ANSWER_MS), over.signal).then(work),
        afterStop(signal, lastMs, over.signal),
      ]);
    } finally {
      over.abort();
    }
  }

  /** The connection, once the broker has answered. */
  async #reached(answerMs: number, over: AbortSignal): Promise<NatsConnection> {
    const { signal } = this.#options;
    const limitMs = signal.aborted ? LAST_ANSWER_MS : answerMs;
    const answer = this.#options.connection.then(async (connection) => {
      await connection.flush();
      return connection;
    });
    answer.catch(() => {});
    const late = delay(limitMs, undefined, { signal: over }).then(() => {
      throw new OutageError('NATS does not answer');
    });
    late.catch(() => {});
    return Promise.race([
      answer.catch((cause: unknown) => {
        throw new OutageError('NATS cannot be reached', { cause });
      }),
      late,
    ]);
  }
}

/** Rejects `ms` after the signal has aborted; never, where that is endless or `over` comes first. */
function afterStop(signal: AbortSignal, ms: number, over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (ms === Infinity) return;
    const wait = () =>
      delay(ms, undefined, { signal: over }).then(
        () => reject(new Error('asked to end')),
        () => {},
      );
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true, signal: over });
  });
}
