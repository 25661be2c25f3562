// How answers are sent: as small as the reader takes them, and encoded once where they are sent often.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';

const ENCODERS = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: promisify(gzip) as (bytes: Uint8Array) => Promise<Buffer>,
  identity: async (bytes: Uint8Array) => bytes,
} as const;
type Encoding = keyof typeof ENCODERS;

/** Less is not worth it. */
const LEAST = 1_024;

/** The smallest that the reader takes. */
function encodingFor(context: Context): Encoding {
  const takes = (encoding: Encoding) =>
    accepts(context, { header: 'Accept-Encoding', supports: [encoding], default: '' }) !== '';
  return (['br', 'gzip'] as const).find(takes) ?? 'identity';
}

/** A text that is sent more than once: encoded once a form. */
export class Body {
  readonly #bytes: Uint8Array;
  readonly #encoded = new Map<Encoding, Promise<Uint8Array>>();

  constructor(content: string | Uint8Array) {
    this.#bytes = typeof content === 'string' ? Buffer.from(content) : content;
  }

  get isWorthIt(): boolean {
    return this.#bytes.length >= LEAST;
  }

  in(encoding: Encoding): Promise<Uint8Array> {
    const known = this.#encoded.get(encoding) ?? ENCODERS[encoding](this.#bytes);
    this.#encoded.set(encoding, known);
    return known;
  }
}

export async function sendBody(
  context: Context,
  body: Body,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const encoding = body.isWorthIt ? encodingFor(context) : 'identity';
  const bytes = await body.in(encoding);
  return context.body(new Uint8Array(bytes), 200, {
    ...headers,
    Vary: 'Accept-Encoding',
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
  });
}

export const sendJson = (
  context: Context,
  value: unknown,
  headers: Readonly<Record<string, string>> = { 'Cache-Control': 'no-store' },
): Promise<Response> => sendJsonBody(context, new Body(JSON.stringify(value)), headers);

export const sendJsonBody = (
  context: Context,
  body: Body,
  headers: Readonly<Record<string, string>>,
): Promise<Response> => sendBody(context, body, { ...headers, 'Content-Type': 'application/json' });
