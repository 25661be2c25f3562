// A dashboard that listens on a port of its own, over run directories, and ends with the test.
import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { dashboardApp } from '../../cli/dashboard/app.ts';
import { byAddress } from '../../cli/dashboard/edits.ts';
import type { PageFiles } from '../../cli/dashboard/page.ts';
import { Searches } from '../../cli/dashboard/searches.ts';
import { type Serving, serve } from '../../cli/dashboard/serve.ts';
import { localPlace, type SearchPlace } from '../../cli/place/index.ts';
import { silentLogger, systemClock } from '../../operator/runtime/index.ts';
import { verbIo } from './verbs.ts';

export interface Served {
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  patch(path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what it is
  readonly json: any;
}

export interface Asked {
  readonly place?: Pick<SearchPlace, 'kind' | 'searches'>;
  readonly page?: PageFiles;
  readonly hosts?: readonly string[];
  /** Token by which it takes edits. */
  readonly token?: string;
  readonly port?: number;
}

/** Of the folder that has runs/ in it. */
export async function serveDashboard(folder: string, asked: Asked = {}): Promise<Served> {
  const stop = new AbortController();
  const io = verbIo(folder, { out: [], err: [] });
  const app = dashboardApp({
    searches: new Searches({ place: asked.place ?? localPlace(io), clock: systemClock }),
    page: asked.page ?? new Map(),
    hosts: asked.hosts ?? [],
    editing: asked.token === undefined ? undefined : byAddress(asked.token),
    clock: systemClock,
    logger: silentLogger,
    signal: stop.signal,
  });
  const serving: Serving = await serve(app, {
    host: '127.0.0.1',
    port: asked.port ?? 0,
    clock: systemClock,
  });
  const close = () => {
    stop.abort();
    return serving.close();
  };
  onTestFinished(close);
  const url = `http://127.0.0.1:${serving.port}`;
  return {
    url,
    close,
    get: (path, headers = {}) => send(url + path, { method: 'GET', headers }),
    patch: (path, body, headers) =>
      send(url + path, { method: 'PATCH', headers }, JSON.stringify(body)),
  };
}

/** As it is said: fetch would put the path in order, and sets headers of its own. */
function send(
  url: string,
  options: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  body?: string,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const path = url.slice(url.indexOf('/', 'http://'.length));
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, ...options }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { statusCode: status = 0, headers } = response;
      resolve({
        status,
        headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export interface Event {
  readonly event: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of it is what it is
  readonly data: any;
}

/** Reads events as a browser does, until it is aborted. */
export async function* events(
  url: string,
  { signal, lastEventId }: { readonly signal: AbortSignal; readonly lastEventId?: string },
): AsyncGenerator<Event> {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const response = await fetch(url, { signal, headers });
  if (response.body === null) throw new Error('expected a stream');
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (fields['event'] === undefined) continue;
      const { event, id } = fields;
      yield { event, ...(id === undefined ? {} : { id }), data: JSON.parse(fields['data'] ?? '') };
    }
  }
}
