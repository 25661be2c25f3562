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

function serve({ notReady, metrics, logger }: HealthServerOptions): Server {
  const pages: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    '/healthz': () => ({ status: 200, body: 'ok\n' }),
    '/readyz': () => {
      const missing = notReady();
      return missing.length === 0
        ? { status: 200, body: 'ok\n' }
        : { status: 503, body: `not ready: ${missing.join(', ')}\n` };
    },
    '/metrics': async () => ({ status: 200, body: await metrics(), type: PROMETHEUS }),
  };
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const page = pages[new URL(request.url ?? '/', 'http://operator').pathname];
    const answer = async (): Promise<Answer> =>
      (await page?.()) ?? { status: 404, body: `one of ${Object.keys(pages).join(' ')}\n` };
    answer()
      .catch((error: unknown): Answer => {
        logger.error('A page cannot be made', { url: request.url, error });
        return { status: 500, body: 'see the log\n' };
      })
      .then(({ status, body, type = 'text/plain; charset=utf-8' }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      )
      .catch((error: unknown) => logger.info('An answer was not wanted any more', { error }));
  });
  return server;
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
