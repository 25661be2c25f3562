// The two messages of auth callout (NATS ADR-26): the server's question, a JWT that may be sealed, and our answer to it.
import {
  type AuthorizationRequest,
  decode,
  encodeAuthorizationResponse,
  encodeUser,
} from '@nats-io/jwt';
import type { KeyPair } from '@nats-io/nkeys';
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
  /** When the server no longer waits, in ms since 1970. */
  readonly expiresMs: number;
}

export interface Granted {
  /** How the server lists the connection. */
  readonly name: string;
  readonly permissions: Permissions;
  /** Account that it comes into. */
  readonly account: string;
  readonly expiresMs: number;
}

const AUDIENCE = 'nats-authorization-request';

/** @throws MalformedRequestError */
export function readQuestion(
  data: Uint8Array,
  serverXkey: string | undefined,
  { xkey }: CalloutKeyPairs,
): Question {
  try {
    const claims = decode<AuthorizationRequest>(
      Buffer.from(opened(data, serverXkey, xkey)).toString(),
    );
    const { user_nkey, server_id, connect_opts, client_info } = claims.nats;
    if (claims.aud !== AUDIENCE || !user_nkey || !server_id || server_id.id !== claims.iss)
      throw new Error('it is not what a server asks');
    return {
      user: user_nkey,
      server: server_id.id,
      serverXkey,
      token: connect_opts?.auth_token ?? '',
      host: client_info?.host ?? '',
      expiresMs: (claims.exp ?? Number.POSITIVE_INFINITY) * 1000,
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MalformedRequestError(`expected a question of nats-server's auth callout: ${why}`, {
      cause,
    });
  }
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
