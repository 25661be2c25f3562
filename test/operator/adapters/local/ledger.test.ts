// The ledger: once a key, durable, torn ends cut off, anything else wrong refused by file and line.
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileLedger, MalformedLedgerError } from '../../../../operator/adapters/local/index.ts';
import { type Logger, silentLogger } from '../../../../operator/runtime/index.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  file = join(directory, 'deep', 'ledger.jsonl');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const opened: FileLedger[] = [];
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close().catch(() => {});
});

async function open(logger: Logger = silentLogger): Promise<FileLedger> {
  const ledger = await FileLedger.open(file, logger);
  opened.push(ledger);
  return ledger;
}

const SEARCH = 'one';

async function records(ledger: FileLedger, search = SEARCH): Promise<unknown[]> {
  const read: unknown[] = [];
  for await (const record of ledger.read(search)) read.push(record);
  return read;
}

test('a new ledger is empty', async () => {
  expect(await records(await open())).toEqual([]);
});

test('entries come back in order, also after a restart', async () => {
  const ledger = await open();
  for (const key of ['c', 'a', 'b']) await ledger.append(SEARCH, key, { of: key });
  const want = ['c', 'a', 'b'].map((key) => ({ of: key }));
  expect(await records(ledger)).toEqual(want);
  await ledger.close();
  expect(await records(await open())).toEqual(want);
});

test('a key counts once, in one life and in the next, and its first record stays', async () => {
  const ledger = await open();
  const twice = [ledger.append(SEARCH, 'a', 1), ledger.append(SEARCH, 'a', 2)];
  expect(await Promise.all(twice)).toEqual([true, false]);
  await ledger.close();
  const next = await open();
  expect(await next.append(SEARCH, 'a', 3)).toBe(false);
  expect(await records(next)).toEqual([1]);
});

test('a record without a value reads as null', async () => {
  const ledger = await open();
  await ledger.append(SEARCH, 'a', undefined);
  await ledger.close();
  expect(await records(await open())).toEqual([null]);
});

test('an iteration shows the entries that were there when it began', async () => {
  const ledger = await open();
  await ledger.append(SEARCH, 'a', 1);
  const seen: unknown[] = [];
  for await (const record of ledger.read(SEARCH)) {
    await ledger.append(SEARCH, `after ${record}`, 2);
    seen.push(record);
  }
  expect(seen).toEqual([1]);
});

describe('a torn last line', () => {
  test('is cut off with a logged line, and the next entry starts cleanly', async () => {
    const before = await open();
    await before.append(SEARCH, 'a', 1);
    await before.close();
    await appendFile(file, '{"key":"b","rec');
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, info: (_, fields) => lines.push(fields) };
    const after = await open(logger);
    expect(lines).toEqual([{ file, bytes: 15 }]);
    expect(await after.append(SEARCH, 'b', 2)).toBe(true);
    expect(await records(after)).toEqual([1, 2]);
  });

  test('wherever it tears, leaves exactly the entries before it', async () => {
    const whole = await open();
    const keys = ['a', 'b', 'c'];
    for (const key of keys) await whole.append(SEARCH, key, { key, text: 'größer als ein Byte' });
    await whole.close();
    const content = await readFile(file);
    const cut = async (length: number) => {
      await writeFile(file, content);
      await truncate(file, length);
      const ledger = await open();
      const lines = content.subarray(0, length).filter((byte) => byte === 10).length;
      expect(await records(ledger)).toMatchObject(keys.slice(0, lines).map((key) => ({ key })));
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(fc.nat(content.length), cut), { numRuns: 60 });
  });
});

test.each([
  ['no JSON', 'oops'],
  ['no entry', '{"record": 1}'],
  ['no object', 'null'],
  ['a key for the second time', '{"key":"one/a","record":2}'],
])('%s in a whole line is refused with file and line', async (_, line) => {
  const ledger = await open();
  await ledger.append(SEARCH, 'a', 1);
  await ledger.close();
  await appendFile(file, `${line}\n`);
  await expect(open()).rejects.toThrow(MalformedLedgerError);
  await expect(open()).rejects.toThrow(`${file}:2`);
  await expect(open()).rejects.toThrow('remove');
});

test('long lines and many of them are read whole', async () => {
  const ledger = await open();
  const record = { text: 'x'.repeat(100_000) };
  for (let i = 0; i < 5; i += 1) await ledger.append(SEARCH, `k${i}`, record);
  expect(await records(ledger)).toEqual(Array(5).fill(record));
});

test('searches do not see each other, and one can be forgotten', async () => {
  const ledger = await open();
  await ledger.append('one', 'a', 1);
  await ledger.append('two', 'a', 2);
  await ledger.append('one', 'b', 3);
  await ledger.forget('one');
  await ledger.forget('never heard of');
  expect(await records(ledger, 'one')).toEqual([]);
  expect(await ledger.append('two', 'b', 4)).toBe(true);
  await ledger.close();
  const next = await open();
  expect(await records(next, 'two')).toEqual([2, 4]);
  expect(await next.append('one', 'a', 5)).toBe(true);
});
