// A nats-server of a test file's own, to be killed, and the test's connection to it, which comes back by itself.
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type Nats, startNats } from '../../../scripts/cluster/index.ts';

export interface OwnNats {
  readonly nats: Nats;
  readonly connection: NatsConnection;
}

export async function startOwnNats(): Promise<OwnNats> {
  const nats = await startNats({});
  const connection = await connect({
    servers: nats.url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
  return { nats, connection };
}
