// The two messages of auth callout (NATS ADR-26): the server's question, a JWT that may be sealed, and our answer to it.
import { encodeAuthorizationResponse, encodeUser } from '@nats-io/jwt';
import type { KeyPair } from '@nats-io/nkeys';
import { z } from 'zod';
import type { Permissions } from './permissions.ts';

export interface CalloutKeyPairs {
  /** Signs answers. */
  readonly issuer: KeyPair;
  /** Opens questions and seals answers; without it, both go by in the open. */
  readonly xkey?: KeyPair | undefined;
}

/** What came is no question of a server's. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}

/** As a server asks it. */
export interface Question {
  /** Public key of the user that the answer must be about. */
  readonly user: string;
  /** Public key of the server. */
  readonly server: string;
  /** Of the server; answers are sealed for it. */
  readonly serverXkey?: string | undefined;
  /** What the client presents as its token; '' where it does not. */
  readonly token: string;
  /** Where the client connects from. */
  readonly host: string;
}

export interface Granted {
  /** How the server lists the connection. */
  readonly name: string;
  readonly permissions: Permissions;
  /** Account that it comes into. */
  readonly account: string;
  readonly expiresMs: number;
}

/** The claims, as far as they are read. */
const Claims = z.object({
  aud: z.literal('nats-authorization-request'),
  nats: z.object({
    user_nkey: z.string().startsWith('U'),
    server_id: z.object({ id: z.string().startsWith('N') }),
    connect_opts: z.object({ auth_token: z.string().max(16_384).default('') }),
    client_info: z.object({ host: z.string().default('') }).default({ host: '' }),
  }),
});

/**
 * The signature is left alone: whoever asks brings the key that it is checked by. What counts is who may publish the question:
 * in the account of the callout, servers and this operator.
 *
 * @throws MalformedRequestError
 */
export function readQuestion(
  data: Uint8Array,
  serverXkey: string | undefined,
  { xkey }: CalloutKeyPairs,
): Question {
  try {
    const [, claims = ''] = Buffer.from(opened(data, serverXkey, xkey))
      .toString()
      .split('.');
    const { nats } = Claims.parse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
    return {
      user: nats.user_nkey,
      server: nats.server_id.id,
      serverXkey,
      token: nats.connect_opts.auth_token,
      host: nats.client_info.host,
    };
  } catch (cause) {
    const why = whyNot(cause);
    throw new MalformedRequestError(`expected a question of nats-server's auth callout: ${why}`, {
      cause,
    });
  }
}

/** Without what it holds: that may be a token. */
function whyNot(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause);
  return cause instanceof SyntaxError ? 'its claims are no JSON' : String(cause);
}

function opened(
  data: Uint8Array,
  serverXkey: string | undefined,
  xkey: KeyPair | undefined,
): Uint8Array {
  if (xkey === undefined && serverXkey === undefined) return data;
  if (xkey === undefined) throw new Error('it is sealed, and --nats-auth-xkey is not given');
  if (serverXkey === undefined)
    throw new Error('it is not sealed: nats-server needs the xkey in its auth_callout');
  const open = xkey.open(data, serverXkey);
  if (open === null) throw new Error('it is sealed for another xkey');
  return open;
}

/** The answer that lets the client in. */
export async function granting(
  question: Question,
  { name, permissions, account, expiresMs }: Granted,
  keys: CalloutKeyPairs,
): Promise<Uint8Array> {
  const user = {
    pub: { allow: [...permissions.publish] },
    sub: { allow: [...permissions.subscribe] },
  };
  const until = { aud: account, exp: Math.floor(expiresMs / 1000) };
  const jwt = await encodeUser(name, question.user, keys.issuer, user, until);
  return answer(question, { jwt }, keys);
}

/** The answer that does not; the server writes `error` into its log. */
export const refusing = (
  question: Question,
  error: string,
  keys: CalloutKeyPairs,
): Promise<Uint8Array> => answer(question, { error }, keys);

async function answer(
  { user, server, serverXkey }: Question,
  content: { readonly jwt: string } | { readonly error: string },
  { issuer, xkey }: CalloutKeyPairs,
): Promise<Uint8Array> {
  const text = await encodeAuthorizationResponse(user, server, issuer, content, {});
  const data = Buffer.from(text);
  return xkey === undefined || serverXkey === undefined ? data : xkey.seal(data, serverXkey);
}
