// The trainer's connection to NATS: made in the background, since training does not wait for it, and kept through outages.
import { readFileSync } from 'node:fs';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { keepErrorsOfSocket } from './socket-errors.ts';

export interface ConnectionOptions {
  /** nats://host:port; several with commas between them. */
  readonly url: string;
  readonly credsFile?: string | undefined;
  /** How the server lists this connection. */
  readonly name: string;
  readonly log: (line: string) => void;
}

/** Resolves once it is up for the first time, and rejects only where no wait would help. */
export function connectInBackground(options: ConnectionOptions): Promise<NatsConnection> {
  const { url, credsFile, name, log } = options;
  const connection = connect({
    servers: url.split(','),
    ...(credsFile === undefined ? {} : { authenticator: credsAuthenticator(latest(credsFile)) }),
    name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    // Thousands of trainers come back at once.
    reconnectTimeWait: 500,
    reconnectJitter: 1_000,
    reconnectJitterTLS: 2_000,
    pingInterval: 10_000,
    ignoreAuthErrorAbort: true,
  });
  connection.then(followSockets).catch((error: unknown) => log(`NATS cannot be used: ${error}`));
  return connection;
}

async function followSockets(connection: NatsConnection): Promise<void> {
  keepErrorsOfSocket(connection);
  for await (const { type } of connection.status())
    if (type === 'reconnect') keepErrorsOfSocket(connection);
}

/** The file's content at each connection; the last one that could be read where it cannot be now. */
function latest(file: string): () => Uint8Array {
  let content: Uint8Array = readFileSync(file);
  return () => {
    try {
      content = readFileSync(file);
    } catch {
      // A mounted Secret is gone for a moment while it is renewed.
    }
    return content;
  };
}
