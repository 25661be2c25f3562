// The bus on NATS: what decides comes from a stream and again until it is acknowledged, what is live goes by.
import type { Bus, Delivery } from '../../reconcilers/index.ts';
import type { Clock, Logger, Metrics } from '../../runtime/index.ts';
import { DurableReports } from './durable-reports.ts';
import { Lanes } from './lanes.ts';
import type { NatsLink } from './link.ts';
import { LiveReports } from './live-reports.ts';
import type { StreamSettings } from './streams.ts';

export interface NatsBusOptions {
  readonly link: NatsLink;
  readonly settings?: StreamSettings | undefined;
  /** All operators that share the reports share this name. */
  readonly consumer?: string | undefined;
  /** What an operator that died had taken comes to the next one after this; 5 s by default. */
  readonly ackWaitMs?: number | undefined;
  /** Reports taken and not acknowledged at most; 1,000 by default. */
  readonly maxAckPending?: number | undefined;
  /** Live reports that wait for the reader at most; 1,000 by default. */
  readonly liveLimit?: number | undefined;
  /** Live reports a second at most; 4,000 by default. */
  readonly liveRate?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class NatsBus implements Bus {
  readonly #options: NatsBusOptions;
  readonly #durable: DurableReports;
  #live: LiveReports | undefined;

  constructor(options: NatsBusOptions) {
    this.#options = options;
    this.#durable = new DurableReports({
      ...options,
      settings: options.settings ?? {},
      consumer: options.consumer ?? 'bionas-operator',
      ackWaitMs: options.ackWaitMs ?? 5_000,
      maxAckPending: options.maxAckPending ?? 1_000,
    });
  }

  hearingSince(): number | undefined {
    const durable = this.#durable.hearingSince;
    const live = this.#live?.hearingSince;
    return durable === undefined || live === undefined ? undefined : Math.max(durable, live);
  }

  /** For one subscriber at a time. @throws NatsClosedError */
  async *subscribe(subject: string, signal: AbortSignal): AsyncGenerator<Delivery> {
    const lanes = new Lanes<Delivery>(this.#options.liveLimit ?? 1_000);
    const left = new AbortController();
    const until = AbortSignal.any([signal, left.signal]);
    const durable = this.#durable
      .run(subject, (delivery) => lanes.put(delivery), until)
      .catch((error: unknown) => lanes.fail(error));
    const { liveRate = 4_000 } = this.#options;
    const offer = (delivery: Delivery) => lanes.offer(delivery);
    this.#live = new LiveReports(subject, offer, { ...this.#options, liveRate });
    const live = this.#live.run(until);
    try {
      yield* lanes.take(until);
    } finally {
      left.abort();
      await Promise.all([durable, live]);
    }
  }
}
