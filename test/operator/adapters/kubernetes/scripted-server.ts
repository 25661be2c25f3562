// An HTTP server that does what a test tells it, for faults that a real API server cannot be asked for; and a client of it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  createKubernetesClients,
  type KubernetesClients,
  type KubernetesClientsOptions,
  loadKubeConfig,
} from '../../../../operator/adapters/kubernetes/index.ts';
import { type Clock, type Metrics, systemClock } from '../../../../operator/runtime/index.ts';

/** What the server does with one request. */
export type Act = (response: ServerResponse, request: IncomingMessage) => void;

export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly clients: KubernetesClients;
  /** In the order of arrival. */
  readonly received: readonly Received[];
  /** `METHOD path` of each. */
  readonly asked: () => string[];
  readonly connections: () => number;
  /** `name{labels} by` of each count. */
  readonly counted: readonly string[];
  /** Listens no longer. */
  readonly stop: () => Promise<void>;
}

/** Plays `acts` one a request; the last one again and again. */
export async function scriptedServer(
  acts: readonly Act[],
  options: Partial<KubernetesClientsOptions> & { readonly user?: object } = {},
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const sockets = new Set<object>();
  const server = createServer(async (request, response) => {
    const act = acts[Math.min(received.length, acts.length - 1)];
    const { method = '', headers } = request;
    const entry = { method, url: new URL(request.url ?? '', 'http://server'), headers, body: '' };
    received.push(entry);
    entry.body = await text(request).catch(() => '');
    act?.(response, request);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { user, ...rest } = options;
  const kubeConfig = await kubeConfigOf((server.address() as AddressInfo).port, user);
  const counted: string[] = [];
  const clients = createKubernetesClients({
    kubeConfig,
    product: { name: 'bionas-operator', version: '1.2.3' },
    clock: systemClock,
    random: () => 0,
    metrics: recorder(counted),
    ...rest,
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    clients,
    received,
    asked: () => received.map(({ method, url }) => `${method} ${url.pathname}`),
    connections: () => sockets.size,
    counted,
    stop,
    async [Symbol.asyncDispose]() {
      await clients.close();
      await stop();
    },
  };
}

async function kubeConfigOf(port: number, user: object = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'scripted-server-'));
  const file = join(directory, 'config');
  const cluster = { server: `http://127.0.0.1:${port}/`, 'insecure-skip-tls-verify': true };
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(file, JSON.stringify(config));
  try {
    return loadKubeConfig({ file });
  } finally {
    await rm(directory, { recursive: true });
  }
}

function recorder(counted: string[]): Metrics {
  return {
    count: (name, labels = {}) =>
      void counted.push([name, ...Object.values(labels)].join(' ').replace('kubernetes_', '')),
    gauge() {},
    observe() {},
  };
}

/** A clock on which everything takes `speed` times less: deadlines, waits and what is measured. */
export function hastyClock(speed: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * speed,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}

export const answers =
  (code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Act =>
  (response) => {
    response.writeHead(code, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** metav1.Status, as API servers refuse. */
export const refuses = (
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Act => answers(code, status(code, reason, message), headers);

export const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message,
});

/** Takes the request and cuts the connection. */
export const cuts: Act = (response) => void response.socket?.destroy();

/** Begins an answer and cuts the connection in the middle of it. */
export const cutsInTheMiddle: Act = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"metadata":', () => response.socket?.destroy());
};

/** Begins an answer that never ends: a byte now and then. */
export const dawdles: Act = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

/** Sends pieces of a body one after the other; then ends it, or stays open and silent. */
export const streams =
  (pieces: readonly (string | Buffer)[], then: 'end' | 'silence' | 'cut' = 'silence'): Act =>
  async (response) => {
    response.writeHead(200);
    response.flushHeaders();
    for (const piece of pieces) {
      response.write(piece);
      await systemClock.sleep(2);
    }
    if (then === 'end') response.end();
    if (then === 'cut') response.socket?.destroy();
  };
