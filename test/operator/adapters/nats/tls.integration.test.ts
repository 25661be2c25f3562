// NATS over TLS with an authority of one's own: operator and trainer reach it, and nobody is talked into less.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectNats, NatsUnreachableError } from '../../../../operator/adapters/nats/index.ts';
import { silentLogger, systemClock } from '../../../../operator/runtime/index.ts';
import { connectInBackground } from '../../../../trainer/nats/connection.ts';
import { Authority, hasOpenssl, tlsConfiguration } from '../../../builders/certificates.ts';
import { linkTo, startServer } from './nats-world.ts';

if (!hasOpenssl) console.warn('skipped: openssl is not there to make certificates');

const never = new AbortController().signal;

describe.skipIf(!hasOpenssl)('NATS over TLS', () => {
  let authority: Authority;
  let other: Authority;

  beforeAll(() => {
    authority = new Authority();
    other = new Authority();
  });
  afterAll(() => {
    authority?.remove();
    other?.remove();
  });

  /** By the name of its host. */
  const start = async (configuration?: string) => {
    const { url } = await startServer(configuration);
    return { url: url.replace('127.0.0.1', 'localhost') };
  };
  const startTls = (names = 'DNS:localhost') => start(tlsConfiguration(authority.sign(names)));

  const failing = (url: string, files = {}) =>
    connectNats(
      { url, ...files, name: 'a test', deadlineMs: 300, clock: systemClock, logger: silentLogger },
      never,
    );

  test.each(['nats', 'tls'])('the operator connects by its authority to %s://', async (scheme) => {
    const server = await startTls();
    const url = server.url.replace('nats', scheme);
    const link = await linkTo({ url }, { caFile: authority.certificate });
    await link.connection.flush();
  });

  test('a server of another authority is refused, with what to look at', async () => {
    const server = await startTls();
    const failed = failing(server.url, { caFile: other.certificate });
    await expect(failed).rejects.toThrow(NatsUnreachableError);
    await expect(failed).rejects.toThrow(/certificate.*signed by an authority of --nats-ca/);
    await expect(failing(server.url)).rejects.toThrow('signed by an authority of --nats-ca');
  });

  test('so is a server under another name', async () => {
    const server = await startTls('DNS:elsewhere');
    const failed = failing(server.url, { caFile: authority.certificate });
    await expect(failed).rejects.toThrow(/must name this host/);
  });

  test('and a server without TLS: nothing is sent in the open', async () => {
    const server = await start();
    const caFile = authority.certificate;
    await expect(failing(server.url, { caFile })).rejects.toThrow(/tls/);
    await expect(failing(server.url.replace('nats', 'tls'))).rejects.toThrow(/tls/);
  });

  test('a server that asks for certificates takes those of the authority that it knows', async () => {
    const server = await start(tlsConfiguration(authority.sign('DNS:localhost'), other));
    const own = other.sign('DNS:operator');
    const caFile = authority.certificate;
    const shown = { caFile, certFile: own.certificate, keyFile: own.key };
    await (await linkTo(server, shown)).connection.flush();
    await expect(failing(server.url, { caFile })).rejects.toThrow(NatsUnreachableError);
  });

  test('an address in place of a name is refused: it would be looked for as localhost', async () => {
    const { url } = await startServer(tlsConfiguration(authority.sign('DNS:localhost')));
    const caFile = authority.certificate;
    await expect(failing(url, { caFile })).rejects.toThrow("expected a host's name where TLS");
    const trainer = { url, authority: authority.pem, name: 'a trainer', inboxPrefix: '_INBOX' };
    expect(() => connectInBackground({ ...trainer, log: () => {} })).toThrow("a host's name");
  });

  test('a file that is missing is named', async () => {
    const failed = failing('tls://localhost:4222', { caFile: '/nowhere/ca.pem' });
    await expect(failed).rejects.toThrow('/nowhere/ca.pem');
  });

  test('a trainer connects by the text of its authority, and says what does not fit', async () => {
    const server = await startTls();
    const log: string[] = [];
    const said = (line: string) => void log.push(line);
    const trainer = { url: server.url, name: 'a trainer', inboxPrefix: '_INBOX' };
    const connection = await connectInBackground({
      ...trainer,
      authority: authority.pem,
      log: said,
    });
    await connection.flush();
    await connection.close();
    expect(log).toEqual([]);
    connectInBackground({ ...trainer, authority: other.pem, log: said }).catch(() => {});
    await expect.poll(() => log.join()).toMatch(/certificate.*BIONAS_NATS_CA/);
  });
});
