// The ledger on a real nats-server: a record once and for ever, whatever is killed while it is written or read.
import { jetstreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { LedgerUnavailableError, type NatsLink } from '../../../../operator/adapters/nats/index.ts';
import { eventually } from '../../runtime/eventually.ts';
import { linkTo, makeLedger, recordsIn, startServer } from './nats-world.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('records come back in the order of appending, those of one search', async () => {
  const ledger = makeLedger(await linkTo(await startServer()));
  for (const key of ['c', 'a', 'b']) await ledger.append('one', key, { of: key });
  await ledger.append('two', 'a', { of: 'another search' });
  expect(await recordsIn(ledger, 'one')).toEqual([{ of: 'c' }, { of: 'a' }, { of: 'b' }]);
  expect(await recordsIn(ledger, 'none')).toEqual([]);
});

test('a record without a value reads as null', async () => {
  const ledger = makeLedger(await linkTo(await startServer()));
  await ledger.append('one', 'a', undefined);
  expect(await recordsIn(ledger, 'one')).toEqual([null]);
});

test('of many who append a key at once one is told that it is new, and its record stays', async () => {
  const server = await startServer();
  const ledgers = await Promise.all(numbers(4).map(async () => makeLedger(await linkTo(server))));
  const keys = numbers(100).map((i) => `trial-${i}`);
  const told = await Promise.all(
    keys.map((key) =>
      Promise.all(ledgers.map((ledger, i) => ledger.append('one', key, { key, i }))),
    ),
  );
  expect(told.map((each) => each.filter((isNew) => isNew).length)).toEqual(keys.map(() => 1));
  const winners = told.map((each, k) => ({ key: keys[k], i: each.indexOf(true) }));
  const kept = (await recordsIn(ledgers[0]!, 'one')) as typeof winners;
  expect(kept.toSorted((a, b) => keys.indexOf(a.key!) - keys.indexOf(b.key!))).toEqual(winners);
});

test('a server that is killed in the middle of 1,000 appends loses none and doubles none', async () => {
  const server = await startServer();
  const ledger = makeLedger(await linkTo(server), { deadlineMs: 30_000 });
  let running = true;
  const kills = (async () => {
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      if (running) await server.restart();
    }
  })();
  const told: boolean[] = [];
  // Sixteen at a time, as searches do side by side.
  const next = numbers(1000).values();
  const writer = async () => {
    for (const i of next) told.push(await ledger.append('one', `trial-${i}`, i));
  };
  await Promise.all(numbers(16).map(writer));
  running = false;
  await kills;
  expect(told.every((isNew) => isNew)).toBe(true);
  const kept = (await recordsIn(ledger, 'one')) as number[];
  expect(kept.toSorted((a, b) => a - b)).toEqual(numbers(1000));
});

describe('while the server is away', () => {
  test('an append rejects by its deadline, and the same append later is told the truth', async () => {
    const server = await startServer();
    const ledger = makeLedger(await linkTo(server), { deadlineMs: 500 });
    await ledger.append('one', 'a', 1);
    await server.kill();
    const before = performance.now();
    await expect(ledger.append('one', 'b', 2)).rejects.toThrow(LedgerUnavailableError);
    expect(performance.now() - before).toBeLessThan(3_000);
    await server.restart();
    const patient = makeLedger(await linkTo(server));
    expect(await patient.append('one', 'a', 9)).toBe(false);
    await patient.append('one', 'b', 2);
    expect(await recordsIn(patient, 'one')).toEqual([1, 2]);
  });

  test('reading rejects by its deadline', async () => {
    const server = await startServer();
    const ledger = makeLedger(await linkTo(server), { deadlineMs: 500 });
    for (const i of numbers(10)) await ledger.append('one', `trial-${i}`, i);
    await server.kill();
    await expect(recordsIn(ledger, 'one')).rejects.toThrow('it is tried again');
  });
});

test('a ledger whose disk was lost is made anew', async () => {
  const server = await startServer();
  const ledger = makeLedger(await linkTo(server));
  await ledger.append('one', 'a', 1);
  await server.restart({ keepDisk: false });
  expect(await recordsIn(ledger, 'one')).toEqual([]);
  expect(await ledger.append('one', 'b', 2)).toBe(true);
  expect(await recordsIn(ledger, 'one')).toEqual([2]);
});

test('a message that is no record is named with its place and the way out', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  await ledger.append('one', 'a', 1);
  link.connection.publish('bionas-ledger.one.b', 'oops');
  await link.connection.flush();
  await expect(recordsIn(ledger, 'one')).rejects.toThrow(
    /BIONAS_LEDGER message 3 \(bionas-ledger.one.b\).*nats stream rmm BIONAS_LEDGER 3/,
  );
});

test('whoever publishes past the ledger cannot change a record', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  await ledger.append('one', 'a', 1);
  for (const text of ['2', '3']) link.connection.publish('bionas-ledger.one.a', text);
  await link.connection.flush();
  expect(await recordsIn(ledger, 'one')).toEqual([1]);
});

/** Fills a search past `append`, which waits for each record. */
async function fill(link: NatsLink, search: string, count: number, text: string): Promise<void> {
  await makeLedger(link).append(search, 'trial-0', { i: 0, text });
  for (const i of numbers(count).slice(1)) {
    const record = JSON.stringify({ i, text });
    link.connection.publish(`bionas-ledger.${search}.trial-${i}`, record);
    if (i % 1000 === 0) await link.connection.flush();
  }
  const { streams } = await jetstreamManager(link.connection);
  await eventually(async () => {
    expect((await streams.info('BIONAS_LEDGER')).state.messages).toBe(count + 1);
  }, 60_000);
}

async function indices(records: AsyncIterable<unknown>): Promise<number[]> {
  const found: number[] = [];
  for await (const record of records) found.push((record as { i: number }).i);
  return found;
}

test('a server that is killed while records are read costs time, and no record', async () => {
  const server = await startServer();
  const link = await linkTo(server);
  await fill(link, 'one', 5_000, 'x'.repeat(200));
  const found: number[] = [];
  for await (const record of makeLedger(link).read('one')) {
    found.push((record as { i: number }).i);
    if (found.length === 100) await server.restart();
  }
  expect(found).toEqual(numbers(5_000));
});

test('50,000 records of a kilobyte are read in seconds, and a search beside them at once', async () => {
  const link = await linkTo(await startServer());
  const ledger = makeLedger(link);
  await fill(link, 'one', 50_000, 'x'.repeat(1000));
  await ledger.append('two', 'trial-0', { i: 7 });
  const before = performance.now();
  expect(await indices(ledger.read('two'))).toEqual([7]);
  const between = performance.now();
  expect(await indices(ledger.read('one'))).toEqual(numbers(50_000));
  const after = performance.now();
  expect(between - before).toBeLessThan(1_000);
  expect(after - between).toBeLessThan(15_000);
});
