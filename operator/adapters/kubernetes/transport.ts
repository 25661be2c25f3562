// One request and its answer, over HTTP. Knows no retries, no objects: only that a request can fail to be answered.
import type { Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import {
  AnswerTooLargeError,
  excerpt,
  MalformedAnswerError,
  SilenceError,
  TransportError,
} from './failures.ts';
import { HeldBackError } from './fence.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the server's root on, with its query. */
  readonly path: string;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

/** Method and path: how messages name a request. */
export function requestText({ method, path }: ApiRequest): string {
  return `${method} ${path}`;
}

export interface SendOptions {
  /** Base URL of the server; may hold a path, as that of a proxy does. */
  readonly server: string;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** How long the body may be silent; left out: until the signal aborts. */
  readonly silenceMs?: number | undefined;
}

/** A page of 500 objects of 1 MiB. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** @throws TransportError, the signal's reason, or what the fence threw. */
export async function send(
  request: ApiRequest,
  { dispatcher, headers }: Connection,
  options: SendOptions,
): Promise<Answer> {
  const { method, body, contentType } = request;
  const url = new URL(options.server.replace(/\/$/, '') + request.path);
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        ...headers,
        Accept: 'application/json',
        'User-Agent': options.userAgent,
        ...(contentType && { 'Content-Type': contentType }),
      },
      body: body ?? null,
      signal: options.signal,
      // Else undici gives the connection up after a DELETE that has a body.
      reset: false,
      headersTimeout: 0,
      bodyTimeout: options.silenceMs ?? 0,
    });
    return new Answer(requestText(request), response, options.signal);
  } catch (error) {
    throw brokenOff(requestText(request), error, options.signal);
  }
}

export class Answer {
  readonly request: string;
  readonly code: number;
  readonly #response: Dispatcher.ResponseData;
  readonly #signal: AbortSignal;

  constructor(request: string, response: Dispatcher.ResponseData, signal: AbortSignal) {
    this.request = request;
    this.code = response.statusCode;
    this.#response = response;
    this.#signal = signal;
    // Whoever reads hears of errors; one that comes before or after must not end the process.
    response.body.on('error', () => {});
  }

  get ok(): boolean {
    return this.code >= 200 && this.code < 300;
  }

  header(name: string): string | undefined {
    const value = this.#response.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** @throws TransportError, SilenceError, or the signal's reason. */
  async *chunks(): AsyncGenerator<Buffer> {
    try {
      yield* this.#response.body;
    } catch (error) {
      throw brokenOff(this.request, error, this.#signal);
    }
  }

  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        throw new AnswerTooLargeError(`${this.request}: more than ${MAX_BODY_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async json(): Promise<unknown> {
    return parseJson(await this.text(), this.request);
  }

  /** Reads no further; the connection of an unfinished body is given up. */
  cancel(): void {
    this.#response.body.destroy();
  }
}

/** @throws MalformedAnswerError */
export function parseJson(text: string, request: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedAnswerError(`${request}: expected JSON, got '${excerpt(text)}'`, {
      cause: error,
    });
  }
}

function brokenOff(request: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof HeldBackError) return error.cause;
  const { code, message } = error as NodeJS.ErrnoException;
  const said = [code, message].filter(Boolean).join(': ');
  if (code === 'UND_ERR_BODY_TIMEOUT') return new SilenceError(`${request}: ${said}`);
  return new TransportError(`${request}: the connection failed (${said})`, { cause: error });
}
