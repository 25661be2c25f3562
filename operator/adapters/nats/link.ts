// A connection and whether it is up, as its own events say: who waits for it need not run into timeouts.
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../../runtime/index.ts';
import { NatsClosedError, NatsLostError } from './errors.ts';
import { keepErrorsOfSocket } from './socket-errors.ts';

/** One more link to the same servers. `purpose` is part of the name that the server lists. */
export type Dial = (purpose: string) => Promise<NatsLink>;

export class NatsLink {
  readonly connection: NatsConnection;
  readonly #logger: Logger;
  readonly #dial: Dial;
  #lost = new AbortController();
  #back = Promise.withResolvers<void>();

  /** `connection` is up. */
  constructor(connection: NatsConnection, dial: Dial, logger: Logger) {
    this.connection = connection;
    this.#dial = dial;
    this.#logger = logger;
    this.#back.resolve();
    keepErrorsOfSocket(connection);
    this.#follow().catch((error: unknown) => logger.error('NATS is no longer followed', { error }));
  }

  /** Aborts when the connection that is up now, or was last, is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Resolves at once while the connection is up, else when it is back or the signal aborts. @throws NatsClosedError */
  async up(signal: AbortSignal): Promise<void> {
    if (this.#lost.signal.aborted && !signal.aborted) {
      const left = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => left.resolve(), { once: true });
      await Promise.race([this.#back.promise, left.promise]);
    }
    if (this.connection.isClosed()) throw new NatsClosedError('the connection to NATS is closed');
  }

  /** Settles as `work` does, or rejects as soon as the connection is lost: what became of the work is unknown then. */
  async whileUp<T>(work: Promise<T>): Promise<T> {
    const { lost } = this;
    const over = Promise.withResolvers<never>();
    const end = () => over.reject(new NatsLostError('the connection to NATS was lost'));
    if (lost.aborted) end();
    lost.addEventListener('abort', end);
    try {
      return await Promise.race([work, over.promise]);
    } finally {
      lost.removeEventListener('abort', end);
      work.catch(() => {});
    }
  }

  /** One more connection to the same servers, with a queue of its own there. Whoever asks closes it. */
  another(purpose: string): Promise<NatsLink> {
    return this.#dial(purpose);
  }

  /** Sends what is buffered, then ends the connection. */
  async close(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.close();
  }

  async #follow(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#down(status.server);
      if (status.type === 'reconnect') this.#up(status.server);
      if (status.type === 'error')
        this.#logger.error('NATS refuses something', { error: status.error });
    }
    this.#lost.abort();
    this.#back.resolve();
  }

  /** May be told twice without a way up in between. */
  #down(server: string): void {
    if (this.#lost.signal.aborted) return;
    this.#logger.error('Lost NATS', { server });
    this.#lost.abort();
    this.#back = Promise.withResolvers();
  }

  #up(server: string): void {
    keepErrorsOfSocket(this.connection);
    this.#logger.info('NATS is back', { server });
    this.#lost = new AbortController();
    this.#back.resolve();
  }
}
