// `bionas ledger verify --nats` as a process, against the ledger on a real nats-server.
import { expect, test } from 'vitest';
import { bionas } from '../../builders/command-line.ts';
import { makeRecord } from '../../builders/search-result.ts';
import {
  appendAll,
  linkTo,
  makeLedger,
  startServer,
} from '../../operator/adapters/nats/nats-world.ts';

async function verify(...args: string[]) {
  const { stdout, stderr, code } = await bionas('ledger', 'verify', ...args);
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  return { out: lines(stdout), err: lines(stderr), code };
}

const recordsOf = (search: string, indices: readonly number[]) =>
  indices.map((index) => makeRecord(index, { search }));

test('searches that are whole pass, and damage is named with its message', async () => {
  const server = await startServer();
  const link = await linkTo(server);
  const ledger = makeLedger(link);
  await appendAll(ledger, 'whole', recordsOf('whole', [0, 1, 2]));
  expect(await verify('--nats', server.url)).toEqual({
    out: ['search whole: 3 records, indices 0 to 2'],
    err: [],
    code: 0,
  });
  await appendAll(ledger, 'gap', recordsOf('gap', [0, 2]));
  link.connection.publish('bionas-ledger.gap', 'oops');
  await link.connection.flush();
  const { out, err, code } = await verify('--nats', server.url, '--search', 'gap');
  expect(code).toBe(1);
  expect(out).toEqual(['search gap: 2 records, indices 0 to 2']);
  expect(err).toEqual([
    'BIONAS_LEDGER message 6 (search gap): expected JSON, found "oops"',
    'search gap: index 1 missing below 2: not ended yet, or lost',
  ]);
});

test('a server that is not there is one line', async () => {
  const server = await startServer();
  await server.stop();
  const { err, code } = await verify('--nats', server.url);
  expect(code).toBe(1);
  expect(err).toEqual([
    expect.stringContaining(`${server.url}: expected a NATS server within 10 s`),
  ]);
});
