// The dashboard's server as a function from requests to answers: what dashboard/api.ts promises, and the files of the page.
import { type Context, Hono } from 'hono';
import type { Logger } from '../../operator/runtime/index.ts';
import { sendJson } from './answers.ts';
import { checkHost } from './guard.ts';
import { sendPage } from './page.ts';
import type { Parts } from './parts.ts';
import { isUnreadable, problemOf, RefusedError } from './problem.ts';
import { addSearchRoutes } from './search-routes.ts';
import { addTrialRoutes } from './trial-routes.ts';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

export function dashboardApp(parts: Parts): Hono {
  const { hosts, page, logger } = parts;
  const app = new Hono();
  // A kubelet asks by the Pod's address. It tells nothing.
  app.get('/healthz', (context) => context.text('ok\n'));
  app.use(async (context, next) => {
    checkHost(context.req.header('host'), hosts);
    // Else streams and files were opened, of which nobody reads the end.
    if (context.req.method === 'HEAD' && context.req.path.startsWith('/api/'))
      throw new RefusedError('expected GET or PATCH', { status: 405 });
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  });
  app.get('/api/searches', async (context) => sendJson(context, await parts.searches.list()));
  addSearchRoutes(app, parts);
  addTrialRoutes(app, parts);
  app.all('/api/*', ({ req }) => {
    throw new RefusedError(`${req.method} ${req.path}: expected a path of dashboard/api.ts`, {
      status: 404,
    });
  });
  app.get('*', (context) => sendPage(context, page));
  app.onError((error, context) => refuse(error, context, logger));
  return app;
}

function refuse(error: Error, context: Context, logger: Logger): Response {
  const { status, problem } = problemOf(error);
  // What the reader did wrong is told to the reader alone, and nothing where it has left.
  const isHeard = !context.req.raw.signal.aborted;
  if (isHeard && (status >= 500 || isUnreadable(error))) logger.error(context.req.path, { error });
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  return context.json(problem, status, { 'Cache-Control': 'no-store' });
}
