// Connecting: deadlines, what is said of servers that cannot do what is needed, credentials, and URLs.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  connectNats,
  InvalidNatsUrlError,
  NatsUnreachableError,
} from '../../../../operator/adapters/nats/index.ts';
import { type Logger, silentLogger, systemClock } from '../../../../operator/runtime/index.ts';
import { linkTo, startServer } from './nats-world.ts';

const never = new AbortController().signal;

function makeLogger() {
  const errors: string[] = [];
  const logger: Logger = { ...silentLogger, error: (message) => errors.push(message) };
  return { logger, errors };
}

const connectTo = (url: string, deadlineMs = 500, signal = never) =>
  connectNats(
    { url, name: 'a test', deadlineMs, clock: systemClock, logger: silentLogger },
    signal,
  );

test('nobody there: an error by the deadline that names the URL and what to look at', async () => {
  const server = await startServer();
  await server.stop();
  const before = performance.now();
  const failed = connectTo(server.url);
  await expect(failed).rejects.toThrow(NatsUnreachableError);
  await expect(failed).rejects.toThrow(`${server.url}: expected a NATS server within 0.5 s, got`);
  expect(performance.now() - before).toBeLessThan(6_000);
});

test('a server that comes later is waited for', async () => {
  const server = await startServer();
  await server.kill();
  const connecting = connectTo(server.url, 30_000);
  await server.restart();
  const link = await connecting;
  expect(link.connection.isClosed()).toBe(false);
  await link.close();
});

test('whoever is told to stop does not wait on', async () => {
  const server = await startServer();
  await server.stop();
  const stop = new AbortController();
  const connecting = connectTo(server.url, 60_000, stop.signal);
  setTimeout(() => stop.abort(new Error('told to stop')), 100);
  await expect(connecting).rejects.toThrow('told to stop');
});

test.each([
  ['http://127.0.0.1:4222', 'expected nats://host:port'],
  ['127.0.0.1:4222', 'expected nats://host:port'],
  ['', 'expected nats://host:port'],
  ['nats://me:secret@here:4222', 'nats://here:4222: expected no password in the URL'],
])('the URL %j is refused, and no password is shown', async (url, message) => {
  const failed = connectTo(url);
  await expect(failed).rejects.toThrow(InvalidNatsUrlError);
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.not.toThrow('secret');
});

test('a server without JetStream is connected to, and complained about', async () => {
  const server = await startServer();
  const { logger, errors } = makeLogger();
  await linkTo(server, { logger });
  expect(errors).toEqual([]);
  const without = await startServer(ACCOUNTS);
  await linkTo(without, { logger });
  expect(errors).toEqual(['JetStream does not answer: start nats-server with -js']);
});

/** Whoever does not say who he is comes into an account without JetStream. */
const ACCOUNTS =
  'accounts { BARE { users: [{ user: bare, password: bare }] } }\nno_auth_user: bare';

describe('outages', () => {
  test('are logged when they begin and when they end', async () => {
    const server = await startServer();
    const said: string[] = [];
    const note = (message: string) => void said.push(message);
    const link = await linkTo(server, { logger: { ...silentLogger, error: note, info: note } });
    await server.restart();
    await link.connection.flush().catch(() => link.connection.flush());
    await expect.poll(() => said, { timeout: 10_000 }).toEqual(['Lost NATS', 'NATS is back']);
  });

  test('of a server that hangs are noticed too', async () => {
    const server = await startServer();
    const link = await linkTo(server, { pingEveryMs: 200 });
    const { pid } = server;
    if (pid === undefined) throw new Error('it runs');
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    await expect.poll(() => link.lost.aborted, { timeout: 10_000 }).toBe(true);
    process.kill(pid, 'SIGCONT');
    await link.up(never);
    await link.connection.flush();
  });
});

test('credentials come from a file, and a file that is missing is named', async () => {
  const server = await startServer();
  const file = join(server.directory, 'missing.creds');
  const options = { url: server.url, name: 'a test', deadlineMs: 100, logger: silentLogger };
  const failed = connectNats({ ...options, credsFile: file, clock: systemClock }, never);
  await expect(failed).rejects.toThrow(file);
  await writeFile(file, 'no credentials');
  onTestFinished(() => rm(file, { force: true }));
  const refused = connectNats({ ...options, credsFile: file, clock: systemClock }, never);
  await expect(refused).rejects.toThrow(NatsUnreachableError);
});
