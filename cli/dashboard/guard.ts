// Who may ask this server, and who may edit by it. Other pages in the same browser may not: neither by a name of theirs that leads
// here (DNS rebinding) nor by a request that they send here (CSRF). Pure decisions with reasons.
import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { RefusedError } from './problem.ts';

/** Without its port; of [::1] without brackets. */
function nameIn(host: string): string {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name.startsWith('[') ? name.slice(1, -1) : name;
}

/**
 * Addresses cannot be pointed elsewhere by whoever owns a name, and localhost is this machine; other names must have been allowed.
 * @throws RefusedError
 */
export function checkHost(host: string | undefined, allowed: readonly string[]): void {
  const name = nameIn(host ?? '');
  if (isIP(name) !== 0 || name === 'localhost' || allowed.includes(name)) return;
  throw new RefusedError(
    `${name || 'no host'}: expected a name that this server answers to, such as localhost; another is allowed by --allow-host ${name}`,
    { status: 421 },
  );
}

export interface EditRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly site: string | undefined;
  readonly type: string | undefined;
}

/** Whether the request comes from the page that this server serves. @throws RefusedError */
export function checkSameOrigin({ host, origin, site, type }: EditRequest): void {
  if (origin !== undefined && hostOf(origin) !== host?.toLowerCase())
    throw new RefusedError(`${origin}: expected an edit from the page of this server`, {
      status: 403,
    });
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new RefusedError(`an edit from another site (${site}) is not taken`, { status: 403 });
  if (type?.split(';')[0]?.trim() !== 'application/json')
    throw new RefusedError(`expected Content-Type application/json, got ${type ?? 'none'}`, {
      status: 415,
    });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** @throws RefusedError */
export function bearerOf(authorization: string | undefined): string {
  const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) return token;
  throw new RefusedError('expected Authorization: Bearer TOKEN; docs/dashboard.md tells which', {
    status: 401,
  });
}

/** In a time that tells nothing of how much of it is right. */
export function isToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
