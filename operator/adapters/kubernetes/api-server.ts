// The API server as this client treats it: with a deadline a call, a limit on requests, patience where it asks for it.
import {
  type Clock,
  type Logger,
  type Metrics,
  type RateLimiter,
  tokenBucket,
  underDeadline,
} from '../../runtime/index.ts';
import type { ConnectionSource } from './connection.ts';
import { failureOf, ServerBusyError, TransportError, UnauthorizedError } from './failures.ts';
import { retryDelay } from './retry.ts';
import { type Answer, type ApiRequest, requestText, send } from './transport.ts';

/** A request and how it is counted. */
export interface ApiCall extends ApiRequest {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'patch_status' | 'delete';
  readonly kind: string;
  /** The caller waits no longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface ApiServerOptions {
  /** Base URL. */
  readonly server: string;
  readonly connections: ConnectionSource;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly requests: { readonly perSecond: number; readonly burst: number };
  readonly deadlineMs: number;
  /** How long a stream may be silent. */
  readonly silenceMs: number;
}

export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #bucket: RateLimiter;
  readonly #closed = new AbortController();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#bucket = tokenBucket(options.clock, options.requests);
  }

  /** The answer's JSON. @throws errors of object-errors.ts and failures.ts, DeadlineExceededError */
  call(call: ApiCall): Promise<unknown> {
    return this.#persist(call, call.signal ?? this.#closed.signal, (answer) => answer.json());
  }

  /** The answer's bytes as they come. The deadline holds for its beginning; then silence or the signal end it. */
  async *stream(call: ApiCall & { readonly signal: AbortSignal }): AsyncGenerator<Buffer> {
    const { signal } = call;
    const answer = await this.#persist(call, signal, async (begun) => begun);
    const cancel = (): void => answer.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      if (!signal.aborted) yield* answer.chunks();
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new TransportError('the client of the API server is closed'));
    await this.#options.connections.close();
  }

  /** Sends until the request is done, refused for good, or late. */
  async #persist<T>(
    call: ApiCall,
    parent: AbortSignal,
    take: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const { clock, random, deadlineMs: ms } = this.#options;
    const end = clock.monotonic() + ms;
    return underDeadline({ clock, ms, reason: requestText(call) }, parent, async (signal) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await this.#try(call, signal, take);
        } catch (failure) {
          const delay = retryDelay(call, failure, { tries, random });
          if (delay === undefined || clock.monotonic() + delay >= end) throw failure;
          this.#toldToRetry(call, failure, delay);
          await clock.sleep(delay, signal);
        }
      }
    });
  }

  #toldToRetry({ verb, kind }: ApiCall, failure: unknown, ms: number): void {
    const { connections, logger, metrics } = this.#options;
    if (failure instanceof UnauthorizedError) connections.forget();
    const reason = failure instanceof Error ? failure.name : 'unknown';
    metrics.count('kubernetes_retries_total', { verb, kind, reason });
    if (failure instanceof ServerBusyError) {
      logger.info('The API server is busy, waiting', { verb, kind, ms, error: failure });
    }
  }

  async #try<T>(
    call: ApiCall,
    signal: AbortSignal,
    take: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const { clock, connections, metrics } = this.#options;
    signal.throwIfAborted();
    const turn = this.#bucket.when(call.path);
    if (turn > 0) await clock.sleep(turn, signal);
    const connection = await orAborted(connections.current(), signal);
    const { verb, kind } = call;
    const start = clock.monotonic();
    let code = 'none';
    try {
      const silenceMs = verb === 'watch' ? this.#options.silenceMs : undefined;
      const answer = await send(call, connection, { ...this.#options, signal, silenceMs });
      code = String(answer.code);
      if (answer.ok) return await take(answer);
      throw await refusal(answer);
    } finally {
      metrics.count('kubernetes_requests_total', { verb, kind, code });
      metrics.observe('kubernetes_request_seconds', (clock.monotonic() - start) / 1000, {
        verb,
        kind,
      });
    }
  }
}

async function refusal(answer: Answer): Promise<Error> {
  const { request, code } = answer;
  return failureOf({
    request,
    code,
    body: await answer.text(),
    retryAfter: answer.header('retry-after'),
  });
}

/** Credentials may come from a plugin that never ends. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
