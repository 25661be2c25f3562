// Answers about one trial: all that is known of it, its logs, its files.
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import { sendJson } from './answers.ts';
import type { Look } from './feed.ts';
import { tailOf } from './log-tail.ts';
import type { Parts } from './parts.ts';
import { RefusedError } from './problem.ts';
import { keyIn, SEARCH } from './search-routes.ts';
import { openFile } from './trial-files.ts';
import { trialIn, trialView } from './trial-view.ts';

const TRIAL = `${SEARCH}/trials/:trial`;
const TAIL = { usual: 64 * 1024, most: 4 * 1024 * 1024 } as const;

export function addTrialRoutes(app: Hono, parts: Parts): void {
  const { searches, signal } = parts;
  const lookAt = async (context: Context) => (await searches.feed(keyIn(context))).latest();
  app.get(TRIAL, async (context) =>
    sendJson(context, await trialView(await lookAt(context), nameIn(context))),
  );
  app.get(`${TRIAL}/log`, async (context) => sendLog(context, await lookAt(context), signal));
  app.get(`${TRIAL}/files/:file`, async (context) =>
    sendFile(context, await lookAt(context), parts),
  );
}

const nameIn = ({ req }: Context): string => req.param('trial') ?? '';

async function sendLog(context: Context, look: Look, signal: AbortSignal): Promise<Response> {
  const { found } = look;
  const trial = trialIn(look, nameIn(context));
  const most = Math.min(TAIL.most, countIn(context, 'tail') ?? TAIL.usual);
  const attempts = await found.attempts(trial.name);
  const wanted = countIn(context, 'attempt') ?? attempts.at(-1)?.attempt;
  const worker = countIn(context, 'worker') ?? 0;
  const attempt = attempts.find((each) => each.attempt === wanted && (each.worker ?? 0) === worker);
  const log = attempt && (await found.log(attempt, signal));
  if (log === undefined)
    throw new RefusedError(
      `${trial.name}, attempt ${wanted ?? 0}, worker ${worker}: its log is gone, or not begun`,
      { status: 404 },
    );
  const { text, skipped } = await tailOf(log, most);
  return context.text(text, 200, {
    'Cache-Control': 'no-store',
    'X-Skipped-Bytes': String(skipped),
  });
}

function countIn({ req }: Context, name: string): number | undefined {
  const text = req.query(name);
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RefusedError(`${name}: expected a whole number, got ${text}`, { status: 400 });
}

/** To be saved, never shown: nothing that a trainer has written is run as a page of this server. */
async function sendFile(context: Context, look: Look, parts: Parts): Promise<Response> {
  const trial = trialIn(look, nameIn(context));
  const name = context.req.param('file') ?? '';
  const signal = AbortSignal.any([context.req.raw.signal, parts.signal]);
  const wanted = { name, clock: parts.clock, signal };
  const { bytes, stream } = await openFile(look.found, trial, wanted);
  return context.body(Readable.toWeb(stream) as ReadableStream, 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(bytes),
    'Content-Disposition': `attachment; filename="${trial.name}-${name.replace(/[^\w.-]/g, '_')}"`,
    'Cache-Control': 'no-store',
  });
}
