// The ledger on a real nats-server: each record once, for ever and in its place, whatever is killed while it is written or read.
import { jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LedgerUnavailableError, type NatsLink } from '../../../../operator/adapters/nats/index.ts';
import type { LedgerEntry } from '../../../../operator/reconcilers/index.ts';
import { Gate } from '../../../cluster/harness/index.ts';
import { eventually } from '../../runtime/eventually.ts';
import { appendAll, linkTo, makeLedger, recordsIn, startServer } from './nats-world.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('records come back in the order of appending, those of one search', async () => {
  const ledger = makeLedger(await linkTo(await startServer()));
  const [c, a, b] = ['c', 'a', 'b'].map((name) => ({ of: name }));
  const last = await appendAll(ledger, 'one', [c, a]);
  await ledger.append('two', { of: 'another search' }, 0);
  await ledger.append('one', b, last);
  expect(await recordsIn(ledger, 'one')).toEqual([{ of: 'c' }, { of: 'a' }, { of: 'b' }]);
  expect(await recordsIn(ledger, 'none')).toEqual([]);
});

test('a record without a value reads as null', async () => {
  const ledger = makeLedger(await linkTo(await startServer()));
  await ledger.append('one', undefined, 0);
  expect(await recordsIn(ledger, 'one')).toEqual([null]);
});

test('of many who append in the same place at once one succeeds, and only its record is there', async () => {
  const server = await startServer();
  const ledgers = await Promise.all(numbers(4).map(async () => makeLedger(await linkTo(server))));
  const kept: string[] = [];
  let last = 0;
  for (const round of numbers(100)) {
    const names = ledgers.map((_, i) => `${round} by ${i}`);
    const told = await Promise.all(ledgers.map((each, i) => each.append('one', names[i], last)));
    const [winner, ...others] = told.filter((sequence) => sequence !== undefined);
    expect(others).toEqual([]);
    last = winner ?? Number.NaN;
    kept.push(names[told.indexOf(winner)] ?? '');
  }
  expect(await recordsIn(ledgers[0]!, 'one')).toEqual(kept);
});

test('an append that comes late is refused, or is seen by the next one', async () => {
  const server = await startServer();
  const gate = await Gate.to(server.port);
  onTestFinished(() => gate[Symbol.asyncDispose]());
  const url = `nats://127.0.0.1:${gate.port}`;
  const [near, far] = [makeLedger(await linkTo(server)), await linkTo({ url })];
  const first = await appendAll(near, 'one', ['a']);
  gate.holdUp();
  const late = makeLedger(far, { deadlineMs: 300 }).append('one', 'late', first);
  await expect(late).rejects.toThrow(LedgerUnavailableError);
  const second = await near.append('one', 'b', first);
  gate.open();
  await far.connection.flush();
  expect(await recordsIn(near, 'one')).toEqual(['a', 'b']);
  gate.holdUp();
  const later = makeLedger(far, { deadlineMs: 300 }).append('one', 'later', second ?? Number.NaN);
  await expect(later).rejects.toThrow(LedgerUnavailableError);
  gate.open();
  await far.connection.flush();
  expect(await near.append('one', 'c', second ?? Number.NaN)).toBeUndefined();
  expect(await recordsIn(near, 'one')).toEqual(['a', 'b', 'later']);
});

test('a server that is killed in the middle of 960 appends loses none and doubles none', async () => {
  const server = await startServer();
  const ledger = makeLedger(await linkTo(server), { deadlineMs: 30_000 });
  let running = true;
  const kills = (async () => {
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (running) await server.restart();
    }
  })();
  // Sixteen searches side by side, each record behind the one before.
  const searches = numbers(16).map((i) => `search-${i}`);
  const records = numbers(60);
  const ends = await Promise.all(searches.map((search) => appendAll(ledger, search, records)));
  running = false;
  await kills;
  expect(ends).not.toContain(Number.NaN);
  for (const search of searches) expect(await recordsIn(ledger, search)).toEqual(records);
});

describe('while the server is away', () => {
  test('an append rejects by its deadline, and the same append later is told the truth', async () => {
    const server = await startServer();
    const link = await linkTo(server);
    const first = await appendAll(makeLedger(link), 'one', [1]);
    const ledger = makeLedger(link, { deadlineMs: 500 });
    await server.kill();
    const before = performance.now();
    await expect(ledger.append('one', 2, first)).rejects.toThrow(LedgerUnavailableError);
    expect(performance.now() - before).toBeLessThan(3_000);
    await server.restart();
    const patient = makeLedger(await linkTo(server));
    expect(await patient.append('one', 9, 0)).toBeUndefined();
    await patient.append('one', 2, first);
    expect(await recordsIn(patient, 'one')).toEqual([1, 2]);
  });

  test('reading rejects by its deadline', async () => {
    const server = await startServer();
    const link = await linkTo(server);
    await appendAll(makeLedger(link), 'one', numbers(10));
    const ledger = makeLedger(link, { deadlineMs: 500 });
    await server.kill();
    await expect(recordsIn(ledger, 'one')).rejects.toThrow('it is tried again');
  });
});

test('a ledger whose disk was lost is made anew', async () => {
  const server = await startServer();
  const ledger = makeLedger(await linkTo(server));
  const first = await appendAll(ledger, 'one', [1]);
  await server.restart({ keepDisk: false });
  expect(await recordsIn(ledger, 'one')).toEqual([]);
  expect(await ledger.append('one', 2, first)).toBeUndefined();
  await appendAll(ledger, 'one', [2]);
  expect(await recordsIn(ledger, 'one')).toEqual([2]);
});

test('a message that is no record is named with its place and the way out', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  await appendAll(ledger, 'one', [1]);
  link.connection.publish('bionas-ledger.one', 'oops');
  await link.connection.flush();
  await expect(recordsIn(ledger, 'one')).rejects.toThrow(
    /BIONAS_LEDGER message 2 \(bionas-ledger.one\).*nats stream rmm BIONAS_LEDGER 2/,
  );
});

/** Fills a search past `append`, which waits for each record. */
async function fill(link: NatsLink, search: string, count: number, text: string): Promise<void> {
  await makeLedger(link).append(search, { i: 0, text }, 0);
  for (const i of numbers(count).slice(1)) {
    link.connection.publish(`bionas-ledger.${search}`, JSON.stringify({ i, text }));
    if (i % 1000 === 0) await link.connection.flush();
  }
  const { streams } = await jetstreamManager(link.connection);
  await eventually(async () => {
    expect((await streams.info('BIONAS_LEDGER')).state.messages).toBe(count);
  }, 60_000);
}

async function indices(records: AsyncIterable<LedgerEntry>): Promise<number[]> {
  const found: number[] = [];
  for await (const { record } of records) found.push((record as { i: number }).i);
  return found;
}

test('a server that is killed while records are read costs time, and no record', async () => {
  const server = await startServer();
  const link = await linkTo(server);
  await fill(link, 'one', 5_000, 'x'.repeat(200));
  const found: number[] = [];
  for await (const { record } of makeLedger(link).read('one')) {
    found.push((record as { i: number }).i);
    if (found.length === 100) await server.restart();
  }
  expect(found).toEqual(numbers(5_000));
});

test('50,000 records of a kilobyte are read in seconds, and a search beside them at once', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  await fill(link, 'one', 50_000, 'x'.repeat(1000));
  await ledger.append('two', { i: 7 }, 0);
  const before = performance.now();
  expect(await indices(ledger.read('two'))).toEqual([7]);
  const between = performance.now();
  expect(await indices(ledger.read('one'))).toEqual(numbers(50_000));
  const after = performance.now();
  expect(between - before).toBeLessThan(1_000);
  expect(after - between).toBeLessThan(15_000);
});
