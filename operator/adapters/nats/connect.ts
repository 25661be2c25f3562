// The connection to NATS: has a name, outlives outages, and says at once what the server at the other end cannot do.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type Clock, type Logger, underDeadline } from '../../runtime/index.ts';
import { type NatsCredentials, settingsOf } from './credentials.ts';
import { InvalidNatsUrlError, NatsUnreachableError } from './errors.ts';
import { type Dial, NatsLink } from './link.ts';

export interface NatsOptions extends NatsCredentials {
  /** nats://host:port or tls://host:port; several with commas between them. */
  readonly url: string;
  /** How the server lists this connection. */
  readonly name: string;
  /** Patience with a server that is not there yet; 30 s by default. Later outages are outlived, however long they last. */
  readonly deadlineMs?: number | undefined;
  /** A server that hangs is given up after two to three of these; 10 s by default. */
  readonly pingEveryMs?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DEADLINE_MS = 30_000;
const RETRY_MS = 500;
const PING_EVERY_MS = 10_000;
/** What is asked of streams and consumers is in every server since. */
const OLDEST = { major: 2, minor: 11 };

/** @throws NatsUnreachableError | InvalidNatsUrlError */
export async function connectNats(options: NatsOptions, signal: AbortSignal): Promise<NatsLink> {
  const { clock, url, logger, deadlineMs: ms = DEADLINE_MS } = options;
  const dial = dialer(serversOf(url), options);
  const dialUntil = async (until: AbortSignal): Promise<NatsLink> => {
    for (;;) {
      try {
        return await dial('');
      } catch (error) {
        await clock.sleep(RETRY_MS, until).catch(() => {
          throw error;
        });
      }
    }
  };
  try {
    const link = await underDeadline({ clock, ms, reason: url }, signal, dialUntil);
    await lookAtServer(link.connection, logger);
    return link;
  } catch (cause) {
    signal.throwIfAborted();
    throw unreachable(url, ms, cause);
  }
}

function serversOf(urls: string): string[] {
  return urls.split(',').map((each) => {
    const text = each.trim();
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.username || url?.password)
      throw new InvalidNatsUrlError(
        `nats://${url.host}: expected no password in the URL; put credentials into a file (--nats-nkey, --nats-creds)`,
      );
    if (url?.host && (url.protocol === 'nats:' || url.protocol === 'tls:')) return text;
    throw new InvalidNatsUrlError(`${text}: expected nats://host:port or tls://host:port`);
  });
}

/** Tries once, each time it is called. */
function dialer(servers: string[], options: NatsOptions): Dial {
  const { name, logger, pingEveryMs = PING_EVERY_MS } = options;
  const settings = {
    servers,
    ...settingsOf(servers, options),
    timeout: 5_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 500,
    reconnectJitterTLS: 1_000,
    pingInterval: pingEveryMs,
    // Credentials may be renewed while the server refuses the old ones.
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
  };
  const dial: Dial = async (purpose) => {
    const connection = await connect({
      ...settings,
      name: `${name} ${purpose}`.trim(),
    });
    return new NatsLink(connection, dial, logger);
  };
  return dial;
}

function unreachable(url: string, ms: number, cause: unknown): NatsUnreachableError {
  const got = cause instanceof Error ? cause.message : String(cause);
  const advice = /certificate|self-signed|altname/i.test(got)
    ? "the server's certificate must name this host and be signed by an authority of --nats-ca"
    : 'check the URL, the credentials, and that nats-server runs';
  return new NatsUnreachableError(
    `${url}: expected a NATS server within ${ms / 1000} s, got "${got}"; ${advice}`,
    { cause },
  );
}

/** What is missing is said, not thrown: the server may be upgraded, or JetStream switched on, meanwhile. */
async function lookAtServer(connection: NatsConnection, logger: Logger): Promise<void> {
  const { version = '' } = connection.info ?? {};
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    const expected = `${OLDEST.major}.${OLDEST.minor} or later`;
    logger.error('The NATS server is too old', { expected, got: version });
  }
  await jetstreamManager(connection).catch((error: unknown) =>
    logger.error('JetStream does not answer: start nats-server with -js', { error }),
  );
}
