// The trainer's connection to NATS: made in the background, since training does not wait for it, and kept through outages.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type ConnectionOptions as Settings,
  tokenAuthenticator,
} from '@nats-io/transport-node';
import { keepErrorsOfSocket } from './socket-errors.ts';

export interface ConnectionOptions {
  /** nats://host:port or tls://host:port; several with commas between them. */
  readonly url: string;
  readonly credsFile?: string | undefined;
  /** A token by which the operator knows the Pod, read at each connection: it is renewed in place. */
  readonly tokenFile?: string | undefined;
  /** PEM of who signs the server's certificate; by default whom Node trusts. With it only TLS will do. */
  readonly authority?: string | undefined;
  /** First part of the subjects of answers. */
  readonly inboxPrefix: string;
  /** How the server lists this connection. */
  readonly name: string;
  readonly log: (line: string) => void;
}

const RETRY_MS = 500;
const RETRY_JITTER_MS = 1_000;

/** Resolves once it is up for the first time, and rejects only where no wait would help. */
export function connectInBackground(options: ConnectionOptions): Promise<NatsConnection> {
  const { url, name, inboxPrefix, log } = options;
  const servers = url.split(',').map((each) => each.trim());
  const connection = untilConnected(log, {
    servers,
    ...credentials(options),
    ...encryption(servers, options.authority),
    name,
    inboxPrefix,
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

/** Says once why it does not work yet, and again when that changes. */
async function untilConnected(
  log: (line: string) => void,
  settings: Settings,
): Promise<NatsConnection> {
  for (let said = ''; ; ) {
    try {
      return await connect(settings);
    } catch (error) {
      const why = whyNot(error);
      if (why !== said) log(`NATS cannot be reached yet: ${why}`);
      said = why;
      await delay(RETRY_MS + Math.random() * RETRY_JITTER_MS);
    }
  }
}

function whyNot(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof errors.AuthorizationError)
    return `${text}: it does not let this trainer in; the log of the operator says why`;
  return /certificate|self-signed|altname/i.test(text)
    ? `${text}: expected a certificate for this address, by an authority of BIONAS_NATS_CA`
    : text;
}

function credentials({ credsFile, tokenFile }: ConnectionOptions): Pick<Settings, 'authenticator'> {
  const text = new TextDecoder();
  if (tokenFile !== undefined) {
    const token = latest(tokenFile);
    return { authenticator: tokenAuthenticator(() => text.decode(token()).trim()) };
  }
  return credsFile === undefined ? {} : { authenticator: credsAuthenticator(latest(credsFile)) };
}

function encryption(servers: readonly string[], ca: string | undefined): Pick<Settings, 'tls'> {
  const isEncrypted = ca !== undefined || servers.every((server) => server.startsWith('tls:'));
  if (!isEncrypted) return {};
  const address = servers.find((url) => isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) > 0);
  // The client's library would look for the name localhost in its certificate.
  if (address !== undefined)
    throw new Error(`${address}: expected a host's name where TLS is used (BIONAS_NATS_URL)`);
  return { tls: ca === undefined ? {} : { ca } };
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
