// Progress and epochs as they go by: nobody keeps them, and a reader that is slow misses the newest. Trainers that send
// more than anyone reads are not listened to for a moment: the server then drops their reports, not this process.
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Delivery } from '../../reconcilers/index.ts';
import { aborted, backoffMs, type Clock, type Logger, type Metrics } from '../../runtime/index.ts';
import { decoded } from './decode.ts';
import type { NatsLink } from './link.ts';
import { LARGEST_REPORT } from './streams.ts';
import { LIVE, narrowed } from './subjects.ts';

export interface LiveOptions {
  readonly link: NatsLink;
  /** Reports a second at most. */
  readonly liveRate: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

type Offer = (delivery: Delivery) => boolean;

const WINDOW_MS = 250;
const RETRY = { initialMs: 500, maxMs: 10_000 };

export class LiveReports {
  readonly #options: LiveOptions;
  readonly #subjects: readonly string[];
  readonly #offer: Offer;
  #subscriptions: readonly Subscription[] = [];
  #windowStart = 0;
  #heard = 0;
  #hearingSince: number | undefined;

  /** Offers reports that match the pattern. */
  constructor(pattern: string, offer: Offer, options: LiveOptions) {
    this.#options = options;
    this.#subjects = narrowed(pattern, LIVE);
    this.#offer = offer;
  }

  get hearingSince(): number | undefined {
    return this.#hearingSince;
  }

  /** Until the signal aborts. On a connection of its own: on the link's, results would stand behind a flood. */
  async run(signal: AbortSignal): Promise<void> {
    const { link, clock, logger } = this.#options;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const own = await link.another('live');
        this.#subscribe(own.connection, signal);
        await this.#followed(own, signal).finally(() => own.close());
      } catch (error) {
        logger.error('Live reports are not heard', { error });
        await clock.sleep(backoffMs(RETRY, failures), signal).catch(() => {});
      }
    }
  }

  /** Until the signal aborts; through outages, of which the connection itself returns with its subscriptions. */
  async #followed(own: NatsLink, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await own.up(signal);
      // Until the server has answered it may not know the subscriptions. Where it is lost again the loop sees that below.
      await own.whileUp(own.connection.flush()).catch(() => {});
      this.#hearingSince = this.#options.clock.now();
      await aborted(AbortSignal.any([signal, own.lost]));
      this.#hearingSince = undefined;
    }
  }

  #subscribe(connection: NatsConnection, signal: AbortSignal): void {
    if (signal.aborted || connection.isClosed()) return;
    const callback = (error: Error | null, message: Msg): void => {
      if (error !== null) this.#options.logger.error('Live reports are not heard', { error });
      else if (this.#isTooMuch()) this.#pause(connection, signal);
      else this.#hear(message);
    };
    this.#subscriptions = this.#subjects.map((each) => connection.subscribe(each, { callback }));
  }

  #isTooMuch(): boolean {
    const { clock, liveRate } = this.#options;
    const now = clock.monotonic();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#heard = 0;
    }
    this.#heard += 1;
    return this.#heard > (liveRate * WINDOW_MS) / 1000;
  }

  #hear(message: Msg): void {
    const { metrics } = this.#options;
    if (message.data.length > LARGEST_REPORT) metrics.count('bus_oversized_total');
    else if (!this.#offer(live(message))) metrics.count('bus_live_dropped_total');
  }

  /** Until the window is over. */
  #pause(connection: NatsConnection, signal: AbortSignal): void {
    if (this.#subscriptions.length === 0) return;
    const { clock, metrics } = this.#options;
    metrics.count('bus_live_pauses_total');
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions = [];
    const left = this.#windowStart + WINDOW_MS - clock.monotonic();
    clock.sleep(Math.max(0, left), signal).then(
      () => this.#subscribe(connection, signal),
      () => {},
    );
  }
}

/** Parsed when it is read: one that is dropped costs next to nothing. */
const live = ({ subject, data }: Msg): Delivery => ({
  subject,
  get data() {
    return decoded(data);
  },
  ack() {},
});
