// One pool of connections to the API server, and the headers that say who asks. Both are looked at again, so that
// tokens, certificates and CAs that rotate are followed without a restart.
import type { RequestOptions } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import type { DispatcherOptions, KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Clock } from '../../runtime/index.ts';
import { CredentialsError } from './failures.ts';
import { fenced } from './fence.ts';

export interface Connection {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long files and plugins are taken at their word. */
const FRESH_MS = 10_000;

/** The server keeps idle connections for 90 s; we let go first, so that no request meets a closing one. */
const POOL = { keepAliveTimeout: 30_000, keepAliveMaxTimeout: 60_000, allowH2: false };

export class ConnectionSource {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  readonly #beforeWrite: () => void;
  #tls: DispatcherOptions | undefined;
  #pool: Dispatcher | undefined;
  #dispatcher: Dispatcher | undefined;
  /** With those of former credentials that still carry a request. */
  readonly #open = new Set<Dispatcher>();
  #current: Promise<Connection> | undefined;
  #readAt = 0;

  /** What `beforeWrite` throws keeps a write from being sent. */
  constructor(config: KubeConfig, clock: Clock, beforeWrite: () => void) {
    this.#config = config;
    this.#clock = clock;
    this.#beforeWrite = beforeWrite;
  }

  /** @throws CredentialsError */
  current(): Promise<Connection> {
    const now = this.#clock.monotonic();
    if (this.#current === undefined || now - this.#readAt >= FRESH_MS) {
      this.#readAt = now;
      this.#current = this.#read().catch((error: unknown) => {
        this.forget();
        throw credentialsError(error);
      });
    }
    return this.#current;
  }

  /** The server did not accept what is current: the next call reads again. */
  forget(): void {
    this.#current = undefined;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((dispatcher) => dispatcher.destroy()));
  }

  async #read(): Promise<Connection> {
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const given = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const set = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    );
    const tls = this.#config.createDispatcherOptions(this.#config.getCurrentCluster(), set);
    return { dispatcher: this.#dispatcherWith(tls), headers: headersOf(options) };
  }

  #dispatcherWith(tls: DispatcherOptions): Dispatcher {
    if (this.#dispatcher !== undefined && isDeepStrictEqual(tls, this.#tls)) {
      return this.#dispatcher;
    }
    const former = this.#pool;
    // Requests under way end on the former connections.
    former
      ?.close()
      .catch(() => {})
      .finally(() => this.#open.delete(former));
    this.#tls = tls;
    this.#pool = dispatcherOf(tls);
    this.#open.add(this.#pool);
    this.#dispatcher = this.#pool.compose(fenced(this.#beforeWrite));
    return this.#dispatcher;
  }
}

/** Files say their path, an exec plugin what it wrote to stderr. */
function credentialsError(cause: unknown): CredentialsError {
  const said = cause instanceof Error ? cause.message.trim() : String(cause);
  return new CredentialsError(`the credentials of the kubeconfig cannot be had: ${said}`, {
    cause,
  });
}

type ConnectOptions = NonNullable<ProxyAgent.Options['requestTls']>;

/** The casts: both libraries mean node:tls, and differ only in whether an option may be undefined. */
function dispatcherOf(options: DispatcherOptions): Dispatcher {
  switch (options.type) {
    case 'none':
      return new Agent(POOL);
    case 'agent':
      return new Agent({ ...POOL, connect: options.connect as ConnectOptions });
    case 'proxy':
    case 'socks':
      return new ProxyAgent({
        ...POOL,
        uri: options.uri,
        requestTls: options.requestTls as ConnectOptions,
      });
  }
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth ? `Basic ${Buffer.from(auth).toString('base64')}` : undefined;
  const said = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]);
  return { ...(basic && { Authorization: basic }), ...Object.fromEntries(said) };
}
