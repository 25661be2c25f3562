// What a kubelet and Prometheus ask of an operator: /healthz (is the process alive), /readyz (does it know enough to act),
// /metrics. Answers come from memory, so that a probe never waits for the API server.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aborted, type Logger, type Runnable } from '../../runtime/index.ts';

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one, which the log names. */
  readonly port: number;
  /** What is not ready yet; empty when all is. */
  readonly notReady: () => readonly string[];
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** Kubelet and Prometheus need a few; who opens more is neither. */
const MOST_CONNECTIONS = 100;
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

export function createHealthServer(options: HealthServerOptions): Runnable {
  return {
    name: 'health server',
    async run(signal) {
      const server = serve(options);
      await listening(server, options);
      await aborted(signal);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function serve(options: HealthServerOptions): Server {
  const { logger } = options;
  const pages = pagesOf(options);
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    // Whatever is asked for, by whomever: nothing of it may throw here, as that would end the process.
    const { method = '', url = '' } = request;
    answer(pages, method, url)
      .catch((error: unknown): Answer => {
        logger.error('A page cannot be made', { url, error });
        return { status: 500, body: 'see the log\n' };
      })
      .then(({ status, body, type = 'text/plain; charset=utf-8' }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      )
      .catch((error: unknown) => logger.info('An answer was not wanted any more', { error }));
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

type Pages = ReadonlyMap<string, () => Answer | Promise<Answer>>;

function pagesOf({ notReady, metrics }: HealthServerOptions): Pages {
  const ready = (): Answer => {
    const missing = notReady();
    return missing.length === 0
      ? { status: 200, body: 'ok\n' }
      : { status: 503, body: `not ready: ${missing.join(', ')}\n` };
  };
  return new Map<string, () => Answer | Promise<Answer>>([
    ['/healthz', () => ({ status: 200, body: 'ok\n' })],
    ['/readyz', ready],
    ['/metrics', async () => ({ status: 200, body: await metrics(), type: PROMETHEUS })],
  ]);
}

async function answer(pages: Pages, method: string, url: string): Promise<Answer> {
  const [path = ''] = url.split('?');
  const page = pages.get(path);
  if (page === undefined) return { status: 404, body: `one of ${[...pages.keys()].join(' ')}\n` };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'GET or HEAD\n' };
  return page();
}

async function listening(
  server: Server,
  { host, port, logger }: HealthServerOptions,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', (error) => logger.error('The health server stumbled', { error }));
  logger.info('Serving health and metrics', { host, port: (server.address() as AddressInfo).port });
}
