// Which failed requests are sent again, and when. Pure.
import { ServerBusyError, TransportError, UnauthorizedError } from './failures.ts';
import type { ApiRequest } from './transport.ts';

/** How often a server may say that it is busy. */
const BUSY_TRIES = 10;
/** A connection that broke is replaced at once, a server that restarts is not back that fast. */
const BROKEN_CONNECTION_MS = 100;

/**
 * Ms until the request is sent again; undefined: the failure stands.
 * A busy server did not act, so any request may be repeated. A write whose fate is unknown may not.
 */
export function retryDelay(
  { method }: ApiRequest,
  failure: unknown,
  { tries, random }: { readonly tries: number; readonly random: () => number },
): number | undefined {
  if (failure instanceof ServerBusyError) {
    // All who were turned away at once must not come back at once.
    const delay = failure.retryAfterMs * (1 + random() / 2);
    return tries < BUSY_TRIES ? delay : undefined;
  }
  if (tries > 1) return undefined;
  // Once more, with credentials that are read again.
  if (failure instanceof UnauthorizedError) return 0;
  return failure instanceof TransportError && method === 'GET' ? BROKEN_CONNECTION_MS : undefined;
}
