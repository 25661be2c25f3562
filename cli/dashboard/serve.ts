// The server on its port, until the signal aborts.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Clock } from '../../operator/runtime/index.ts';

/** Nothing can listen there. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

export interface Serving {
  /** The one that it has where any was asked for. */
  readonly port: number;
  /** Answers under way may come to their end. */
  close(): Promise<void>;
}

export interface Listening {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly clock: Clock;
}

const GRACE_MS = 1_000;

/** @throws PortError */
export async function serve(app: Hono, { host, port, clock }: Listening): Promise<Serving> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new PortError(
          `${host}:${port}: cannot listen there (${cause.message}); try another --port`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.race([closed, clock.sleep(GRACE_MS)]);
      server.closeAllConnections();
      await closed;
    },
  };
}
