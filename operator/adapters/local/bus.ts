// The bus in one process: messages are kept until they are acknowledged, and come again while they are not.
import type { Bus, Delivery } from '../../reconcilers/ports.ts';
import type { Clock } from '../../runtime/index.ts';
import { matchesSubject } from './subject.ts';

/** Nobody acknowledges: taking more messages would only hide it. */
export class BusFullError extends Error {
  override readonly name = 'BusFullError';
}

export interface LocalBusOptions {
  readonly clock: Clock;
  /** An unacknowledged message comes again after this; 30 s by default. */
  readonly ackWaitMs?: number | undefined;
  /** Messages kept; 10,000 by default. */
  readonly limit?: number | undefined;
}

interface Message {
  readonly subject: string;
  readonly data: unknown;
}

export class LocalBus implements Bus {
  readonly #clock: Clock;
  readonly #ackWaitMs: number;
  readonly #limit: number;
  /** Not acknowledged yet, in the order of publishing. */
  readonly #kept = new Set<Message>();
  #published = Promise.withResolvers<void>();

  constructor({ clock, ackWaitMs = 30_000, limit = 10_000 }: LocalBusOptions) {
    this.#clock = clock;
    this.#ackWaitMs = ackWaitMs;
    this.#limit = limit;
  }

  /** Messages that nobody acknowledged yet. */
  get size(): number {
    return this.#kept.size;
  }

  /** @throws BusFullError */
  publish(subject: string, data: unknown): void {
    if (this.#kept.size >= this.#limit) {
      throw new BusFullError(
        `${subject}: ${this.#limit} messages wait for their acknowledgement; is anyone subscribed?`,
      );
    }
    this.#kept.add({ subject, data });
    this.#published.resolve();
    this.#published = Promise.withResolvers();
  }

  async *subscribe(subject: string, signal: AbortSignal): AsyncGenerator<Delivery> {
    /** Monotonic ms at which a delivered message is due again. */
    const due = new Map<Message, number>();
    while (!signal.aborted) {
      const published = this.#published.promise;
      const message = this.#nextFor(subject, due);
      if (message === undefined) {
        await this.#wait(published, due, signal);
        continue;
      }
      due.set(message, this.#clock.monotonic() + this.#ackWaitMs);
      yield this.#delivery(message);
    }
  }

  #nextFor(subject: string, due: Map<Message, number>): Message | undefined {
    for (const message of due.keys()) if (!this.#kept.has(message)) due.delete(message);
    const now = this.#clock.monotonic();
    for (const message of this.#kept) {
      if ((due.get(message) ?? now) <= now && matchesSubject(subject, message.subject)) {
        return message;
      }
    }
    return undefined;
  }

  #delivery(message: Message): Delivery {
    return {
      subject: message.subject,
      data: message.data,
      ack: () => void this.#kept.delete(message),
    };
  }

  /** Until something is published, a message is due again, or the subscriber leaves. */
  async #wait(
    published: Promise<void>,
    due: ReadonlyMap<Message, number>,
    signal: AbortSignal,
  ): Promise<void> {
    const waited = new AbortController();
    const until = AbortSignal.any([signal, waited.signal]);
    const next = Math.min(...due.values()) - this.#clock.monotonic();
    // Without anything due, only an abort or a message ends the wait.
    const ms = Number.isFinite(next) ? Math.max(0, next) : this.#ackWaitMs;
    const timer = this.#clock.sleep(ms, until).catch(() => {});
    await Promise.race([published, timer]);
    waited.abort();
  }
}
