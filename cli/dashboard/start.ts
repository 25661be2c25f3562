// Starts the server of the dashboard: for `bionas dashboard`, and for `bionas run --dashboard`.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Clock, type Logger, silentLogger } from '../../operator/runtime/index.ts';
import type { SearchPlace } from '../place/index.ts';
import { dashboardApp } from './app.ts';
import { byAddress, byCaller, type Editing } from './edits.ts';
import { readPage } from './page.ts';
import { Searches } from './searches.ts';
import { PortError, type Serving, serve } from './serve.ts';
import { USUAL_PORT } from './usual-port.ts';

export interface StartOptions {
  readonly host: string;
  /** undefined: the usual one, or any free one where that is taken. */
  readonly port: number | undefined;
  readonly edits: boolean;
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly signal: AbortSignal;
}

export interface Dashboard {
  /** To be opened; with the token by which it takes edits. */
  readonly url: string;
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

const PAGE = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/** @throws PortError */
export async function startDashboard(
  place: Pick<SearchPlace, 'kind' | 'searches'>,
  options: StartOptions,
): Promise<Dashboard> {
  const { host, edits, clock, logger = silentLogger } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const token = randomBytes(24).toString('base64url');
  const editing = edits ? editingIn(place, token) : undefined;
  const page = await readPage(PAGE);
  const searches = new Searches({ place, clock });
  const app = dashboardApp({ ...options, searches, page, editing, logger, signal });
  const serving = await listen(options, (port) => serve(app, { host, port, clock }));
  const fragment = editing?.token === 'address' ? `#token=${token}` : '';
  return {
    url: `http://${shown(host)}:${serving.port}/${fragment}`,
    warnings: isLoopback(host) ? [] : [openTo(host)],
    async close() {
      await searches.tellAll();
      stop.abort();
      await serving.close();
    },
  };
}

const editingIn = ({ kind }: Pick<SearchPlace, 'kind'>, token: string): Editing =>
  kind === 'local' ? byAddress(token) : byCaller;

async function listen(
  { port }: StartOptions,
  at: (port: number) => Promise<Serving>,
): Promise<Serving> {
  if (port !== undefined) return at(port);
  return at(USUAL_PORT).catch((error: unknown) => {
    if (error instanceof PortError) return at(0);
    throw error;
  });
}

const ANY = ['0.0.0.0', '::'];

function shown(host: string): string {
  if (ANY.includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

const openTo = (host: string): string =>
  `whoever reaches ${ANY.includes(host) ? 'this machine' : host} can see these searches`;
