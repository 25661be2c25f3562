import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHealthServer } from '../../../../operator/adapters/http/index.ts';
import { silentLogger } from '../../../../operator/runtime/index.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve({ missing = [] as string[], metrics = async () => 'up 1\n' } = {}) {
  const port = Promise.withResolvers<number>();
  const info = (_: string, fields?: Readonly<Record<string, unknown>>) =>
    port.resolve(Number(fields?.['port']));
  const server = createHealthServer({
    host: '127.0.0.1',
    port: 0,
    notReady: () => missing,
    metrics,
    logger: { ...silentLogger, info },
  });
  const stop = new AbortController();
  const running = server.run(stop.signal);
  stops.push(async () => {
    stop.abort();
    await running;
  });
  const at = `http://127.0.0.1:${await port.promise}`;
  return { at, get: (path: string) => fetch(`${at}${path}`), port: await port.promise };
}

test.each([
  ['alive', '/healthz', 200, 'ok\n'],
  ['ready', '/readyz', 200, 'ok\n'],
  ['measured', '/metrics', 200, 'up 1\n'],
  ['and names its pages', '/', 404, 'one of /healthz /readyz /metrics\n'],
])('the operator is %s', async (_what, path, status, body) => {
  const { get } = await serve();
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([status, body]);
});

test.each([
  ['GET', '//', 404],
  ['GET', '/healthz?verbose', 200],
  ['GET', 'constructor', 400],
  ['GET', 'http://elsewhere:99999/healthz', 404],
  ['HEAD', '/healthz', 200],
  ['POST', '/metrics', 405],
])('%s %s is answered with %i, and the server stays', async (method, target, status) => {
  const { get, port } = await serve();
  const socket = connect(port, '127.0.0.1');
  socket.end(`${method} ${target} HTTP/1.1\r\nHost: operator\r\nConnection: close\r\n\r\n`);
  const [line] = String((await once(socket, 'data'))[0]).split('\r\n');
  expect(line).toContain(` ${status} `);
  expect((await get('/healthz')).status).toBe(200);
});

test('what is not ready is named', async () => {
  const { get } = await serve({ missing: ['informer Pod'] });
  const response = await get('/readyz');
  expect([response.status, await response.text()]).toEqual([503, 'not ready: informer Pod\n']);
});

test('a page that fails takes nothing else down', async () => {
  const metrics = () => Promise.reject(new Error('broken'));
  const { get } = await serve({ metrics });
  expect((await get('/metrics')).status).toBe(500);
  expect((await get('/healthz')).status).toBe(200);
});

test('an open connection does not keep it from stopping', async () => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await stops.pop()?.();
  await closed;
});

test('a port that is taken is said', async () => {
  const { port } = await serve();
  const options = { host: '127.0.0.1', port, notReady: () => [], metrics: async () => '' };
  const second = createHealthServer({ ...options, logger: silentLogger });
  await expect(second.run(new AbortController().signal)).rejects.toThrow(/EADDRINUSE/);
});
