// Progress and epochs as they go by: nobody keeps them, and a reader that is slow misses the newest.
import type { Msg } from '@nats-io/transport-node';
import type { Delivery } from '../../reconcilers/index.ts';
import type { Logger, Metrics } from '../../runtime/index.ts';
import { decoded } from './decode.ts';
import type { NatsLink } from './link.ts';
import { LARGEST_REPORT } from './streams.ts';
import { LIVE, narrowed } from './subjects.ts';

export interface LiveOptions {
  readonly link: NatsLink;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Offers reports until the returned function is called. */
export function hearLive(
  pattern: string,
  offer: (delivery: Delivery) => boolean,
  { link, logger, metrics }: LiveOptions,
): () => void {
  const hear = (error: Error | null, message: Msg): void => {
    if (error !== null) logger.error('No live reports', { error });
    else if (message.data.length > LARGEST_REPORT) metrics.count('bus_oversized_total');
    else if (!offer(live(message))) metrics.count('bus_live_dropped_total');
  };
  const subscriptions = narrowed(pattern, LIVE).map((subject) =>
    link.connection.subscribe(subject, { callback: hear }),
  );
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

/** Parsed when it is read: one that is dropped costs next to nothing. */
const live = ({ subject, data }: Msg): Delivery => ({
  subject,
  get data() {
    return decoded(data);
  },
  ack() {},
});
