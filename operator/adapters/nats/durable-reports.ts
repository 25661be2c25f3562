// Results and failures from their stream, through one durable consumer that is made anew whenever it is lost.
// What comes again while it is still being handled is not handed on twice; what nobody acknowledged is given back at the end.
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  type JsMsg,
  jetstream,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Delivery } from '../../reconcilers/index.ts';
import { aborted, backoffMs, type Clock, type Logger, type Metrics } from '../../runtime/index.ts';
import { isOtherConsumer } from './answers.ts';
import { decoded, traceparentOf } from './decode.ts';
import type { NatsLink } from './link.ts';
import {
  LARGEST_REPORT,
  managerOf,
  prepareReports,
  REPORTS,
  type StreamSettings,
} from './streams.ts';
import { DECISIVE, narrowed } from './subjects.ts';

export interface DurableOptions {
  readonly link: NatsLink;
  readonly settings: StreamSettings;
  readonly consumer: string;
  readonly ackWaitMs: number;
  readonly maxAckPending: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Delivered and not acknowledged. */
interface Held {
  /** As it came last. */
  message: JsMsg;
}

const RETRY = { initialMs: 100, maxMs: 5_000 };
/** A consumer that is lost without a word is noticed after two of these. */
const HEARTBEAT_MS = 3_000;
/** How far behind the reader is, is asked this often. */
const LAG_EVERY_MS = 10_000;
/** One that nobody knows what to do with yet comes this often in all, over twelve seconds: meanwhile it counts as not acknowledged. */
const DELIVERIES = 7;
const AGAIN = { initialMs: 250, maxMs: 4_000 };
const PULL = { max_messages: 256, expires: 30_000, idle_heartbeat: HEARTBEAT_MS };

export class DurableReports {
  readonly #options: DurableOptions;
  /** By sequence in the stream, of the stream made at #created. */
  readonly #held = new Map<number, Held>();
  #created = '';
  #hearingSince: number | undefined;

  constructor(options: DurableOptions) {
    this.#options = options;
  }

  get hearingSince(): number | undefined {
    return this.#hearingSince;
  }

  /** Hands reports on until the signal aborts. @throws NatsClosedError */
  async run(
    pattern: string,
    take: (delivery: Delivery) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, link, logger, metrics } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await link.up(signal);
        await this.#consume(pattern, take, AbortSignal.any([signal, link.lost]));
        failures = 0;
      } catch (error) {
        if (link.connection.isClosed()) throw error;
        logger.error('Cannot read reports, trying again', { stream: REPORTS, error });
        metrics.count('bus_interruptions_total');
        await clock.sleep(backoffMs(RETRY, failures++), signal).catch(() => {});
      } finally {
        this.#hearingSince = undefined;
      }
    }
    for (const { message } of this.#held.values()) message.nak();
    this.#held.clear();
  }

  /** Until the signal aborts, or the consumer is lost. */
  async #consume(
    pattern: string,
    take: (delivery: Delivery) => void,
    until: AbortSignal,
  ): Promise<void> {
    if (until.aborted) return;
    const { link, settings, clock } = this.#options;
    const { created } = await prepareReports(link.connection, settings);
    if (created !== this.#created) this.#held.clear();
    this.#created = created;
    const consumer = await this.#consumer(pattern);
    const messages = await consumer.consume({
      ...PULL,
      abort_on_missing_resource: true,
      callback: (message) => this.#hand(message, take),
    });
    const over = new AbortController();
    try {
      if (until.aborted) return;
      this.#hearingSince = clock.now();
      void this.#followLag(consumer, AbortSignal.any([until, over.signal]));
      const end = await Promise.race([messages.closed(), aborted(until), silence(messages)]);
      if (end instanceof Error) throw end;
    } finally {
      over.abort();
      messages.stop();
    }
  }

  /** What waits in the stream, and what was taken and is not done with: between them, how far the operator is behind. */
  async #followLag(consumer: Consumer, until: AbortSignal): Promise<void> {
    const { clock, metrics, logger } = this.#options;
    while (!until.aborted) {
      try {
        const { num_pending, num_ack_pending } = await consumer.info();
        metrics.gauge('bus_reports_waiting', num_pending);
        metrics.gauge('bus_reports_unacknowledged', num_ack_pending);
      } catch (error) {
        if (!until.aborted) logger.info('The lag on NATS is not known for now', { error });
      }
      await clock.sleep(LAG_EVERY_MS, until).catch(() => {});
    }
  }

  async #consumer(pattern: string): Promise<Consumer> {
    const { link, consumer: name, ackWaitMs, maxAckPending } = this.#options;
    const manager = await managerOf(link.connection);
    const config = {
      durable_name: name,
      filter_subjects: narrowed(pattern, DECISIVE),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWaitMs),
      max_ack_pending: maxAckPending,
      max_deliver: -1,
    };
    const info = await manager.consumers.add(REPORTS, config).catch((error: unknown) => {
      if (!isOtherConsumer(error)) throw error;
      return manager.consumers.update(REPORTS, name, config);
    });
    return jetstream(link.connection).consumers.getConsumerFromInfo(info);
  }

  #hand(message: JsMsg, take: (delivery: Delivery) => void): void {
    const { metrics } = this.#options;
    const held = this.#held.get(message.seq);
    if (held !== undefined) {
      held.message = message;
      return;
    }
    if (message.data.length > LARGEST_REPORT) {
      metrics.count('bus_oversized_total');
      message.term('larger than any report');
      return;
    }
    const now: Held = { message };
    this.#held.set(message.seq, now);
    const close = (answer: (message: JsMsg) => void) => {
      // The sequence number may by now be that of a report in another stream of the same name.
      if (this.#held.get(message.seq) !== now) return;
      this.#held.delete(message.seq);
      answer(now.message);
    };
    const { subject, data, info } = message;
    take({
      subject,
      data: decoded(data),
      traceparent: traceparentOf(message),
      ack: () => close((latest) => latest.ack()),
      again:
        info.deliveryCount < DELIVERIES
          ? () => close((latest) => latest.nak(backoffMs(AGAIN, info.deliveryCount - 1)))
          : undefined,
    });
  }
}

/** Resolves once a consumer that should give a sign of life does not. */
async function silence(messages: ConsumerMessages): Promise<Error | undefined> {
  for await (const { type } of messages.status())
    if (type === 'heartbeats_missed' || type === 'consumer_deleted')
      return new Error(`the consumer is lost: ${type}`);
  return undefined;
}
