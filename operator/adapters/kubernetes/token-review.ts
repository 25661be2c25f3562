// Whose a token is, by the API server's word: a TokenReview, which is asked by creating one. The answer holds the token again,
// so nothing of it goes into an error.
import type { ApiServer } from './api-server.ts';
import { MalformedAnswerError } from './failures.ts';
import { isObject } from './live-object.ts';

/** Whom a token stands for. */
export interface TokenOwner {
  /** system:serviceaccount:NAMESPACE:NAME for one of a Pod. */
  readonly user: string;
  /** The Pod that it was made for; absent where it was made for none. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

export type ReviewedToken = TokenOwner | { readonly refused: string };

const API = 'authentication.k8s.io/v1';
const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';

/** Also refuses a token that was made for somebody else than `audience`. */
export async function reviewToken(
  server: Pick<ApiServer, 'call'>,
  token: string,
  audience: string,
): Promise<ReviewedToken> {
  const kind = 'TokenReview';
  const path = `/apis/${API}/tokenreviews`;
  const spec = { token, audiences: [audience] };
  const body = JSON.stringify({ apiVersion: API, kind, spec });
  const contentType = 'application/json';
  const asked = { verb: 'create', kind, method: 'POST', path, contentType, body } as const;
  const answer = await server.call(asked);
  const status = isObject(answer) ? answer['status'] : undefined;
  if (!isObject(status))
    throw new MalformedAnswerError(`POST ${path}: expected a review with its status`);
  const { audiences } = status;
  if (status['authenticated'] !== true) return { refused: reasonIn(status) };
  if (!Array.isArray(audiences) || !audiences.includes(audience))
    return { refused: `it is not for the audience ${audience}` };
  return ownerIn(status['user']) ?? { refused: 'the API server does not say whose it is' };
}

/** Without anything that looks like a token. */
function reasonIn({ error }: Readonly<Record<string, unknown>>): string {
  const text = typeof error === 'string' && error !== '' ? error : 'not authenticated';
  return text.replaceAll(/eyJ[\w.-]+/g, '...').slice(0, 300);
}

function ownerIn(user: unknown): TokenOwner | undefined {
  if (!isObject(user) || typeof user['username'] !== 'string') return undefined;
  const extra = isObject(user['extra']) ? user['extra'] : {};
  const [name, uid] = [POD_NAME, POD_UID].map((key) => [extra[key]].flat()[0]);
  const isBound = typeof name === 'string' && typeof uid === 'string';
  return { user: user['username'], ...(isBound ? { pod: { name, uid } } : {}) };
}
