// Answers about one search: what it is, the table of its trials, its changes as they come, and edits.
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Body, sendJson, sendJsonBody } from './answers.ts';
import { editIn } from './edits.ts';
import { eventStream, streamOf } from './event-stream.ts';
import type { SearchFeed } from './feed.ts';
import { bearerOf, checkSameOrigin } from './guard.ts';
import { KnownImportance } from './importance.ts';
import type { Parts } from './parts.ts';
import { RefusedError } from './problem.ts';
import type { RowTable } from './row-table.ts';
import type { SearchKey } from './search-row.ts';
import { searchView } from './search-view.ts';

export const SEARCH = '/api/searches/:namespace/:search';

/** Bytes of an edit; a few hundred are usual. It is read before its token is judged. */
const EDIT_BYTES = 16_384;

export const keyIn = (context: Context): SearchKey => ({
  namespace: context.req.param('namespace') ?? '',
  name: context.req.param('search') ?? '',
});

export function addSearchRoutes(app: Hono, parts: Parts): void {
  const feedOf = (context: Context): Promise<SearchFeed> => parts.searches.feed(keyIn(context));
  const bodies = new WeakMap<RowTable, { readonly version: number; readonly body: Body }>();
  const importance = new KnownImportance();
  app.get(SEARCH, async (context) => {
    const look = await (await feedOf(context)).latest();
    return sendJson(context, searchView(look, { ...parts, now: parts.clock.now() }));
  });
  app.get(`${SEARCH}/trials`, async (context) => {
    const { table } = await (await feedOf(context)).latest();
    return sendTable(context, table, bodies);
  });
  app.get(`${SEARCH}/importance`, async (context) => {
    const { table } = await (await feedOf(context)).latest();
    return sendJson(context, (await importance.get(table)) ?? null);
  });
  app.get(`${SEARCH}/events`, async (context) => sendEvents(context, await feedOf(context), parts));
  app.patch(SEARCH, bodyLimit({ maxSize: EDIT_BYTES, onError: refuseLarge }), async (context) =>
    edit(context, await feedOf(context), parts),
  );
}

type Bodies = WeakMap<RowTable, { readonly version: number; readonly body: Body }>;

/** Made once a version, for it may be megabytes. */
async function sendTable(context: Context, rows: RowTable, bodies: Bodies): Promise<Response> {
  const { version } = rows;
  const headers = { ETag: `"${version}"`, 'Cache-Control': 'no-cache' };
  if (context.req.header('If-None-Match') === headers.ETag) return context.body(null, 304, headers);
  const known = bodies.get(rows);
  const body = known?.version === version ? known.body : new Body(JSON.stringify(rows.table));
  bodies.set(rows, { version, body });
  return sendJsonBody(context, body, headers);
}

async function sendEvents(context: Context, feed: SearchFeed, parts: Parts): Promise<Response> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, parts.signal]);
  const changes = feed.changes(versionIn(context), signal);
  const stream = streamOf(eventStream(changes, parts), () => stop.abort());
  return context.body(stream, 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    // Else nginx waits until it has a page full.
    'X-Accel-Buffering': 'no',
  });
}

/** A browser that comes again says where it was. */
function versionIn({ req }: Context): number | undefined {
  const text = req.header('Last-Event-ID') || req.query('after');
  if (!text) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RefusedError(`after: expected a version such as that of the table, got ${text}`, {
    status: 400,
  });
}

function refuseLarge(): never {
  throw new RefusedError(`expected an edit of at most ${EDIT_BYTES} bytes`, { status: 413 });
}

async function edit(context: Context, feed: SearchFeed, parts: Parts): Promise<Response> {
  const { editing, clock } = parts;
  const { req } = context;
  if (editing === undefined)
    throw new RefusedError('this dashboard only shows: edits need --allow-edits', { status: 403 });
  checkSameOrigin({
    host: req.header('host'),
    origin: req.header('origin'),
    site: req.header('sec-fetch-site'),
    type: req.header('content-type'),
  });
  const token = bearerOf(req.header('authorization'));
  const { found } = await feed.look();
  await editing.edit(found, editIn(await req.text(), found), token);
  return sendJson(context, searchView(await feed.lookAfter(), { editing, now: clock.now() }));
}
