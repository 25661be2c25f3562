// The ledger: each record behind the one that is known as the last, durable, torn ends cut off, anything else wrong refused by file and line.
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileLedger, MalformedLedgerError } from '../../../../operator/adapters/local/index.ts';
import type { LedgerEntry } from '../../../../operator/reconcilers/index.ts';
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
  for await (const { record } of ledger.read(search)) read.push(record);
  return read;
}

/** One after the other, from an empty history. */
async function appendAll(ledger: FileLedger, all: readonly unknown[]): Promise<void> {
  for (const [after, record] of all.entries()) await ledger.append(SEARCH, record, after);
}

test('a new ledger is empty', async () => {
  expect(await records(await open())).toEqual([]);
});

test('entries come back in order, also after a restart', async () => {
  const ledger = await open();
  const want = ['c', 'a', 'b'].map((name) => ({ of: name }));
  await appendAll(ledger, want);
  expect(await records(ledger)).toEqual(want);
  await ledger.close();
  expect(await records(await open())).toEqual(want);
});

test('a place is taken once, in one life and in the next', async () => {
  const ledger = await open();
  const twice = [ledger.append(SEARCH, 'a', 0), ledger.append(SEARCH, 'b', 0)];
  expect(await Promise.all(twice)).toEqual([1, undefined]);
  await ledger.close();
  const next = await open();
  for (const after of [0, 2]) expect(await next.append(SEARCH, 'c', after)).toBeUndefined();
  expect(await next.append(SEARCH, 'd', 1)).toBe(2);
  expect(await records(next)).toEqual(['a', 'd']);
});

test('what is read says behind what the next one goes', async () => {
  const ledger = await open();
  await appendAll(ledger, ['a', 'b']);
  const read: LedgerEntry[] = [];
  for await (const entry of ledger.read(SEARCH)) read.push(entry);
  expect(read).toEqual([
    { sequence: 1, record: 'a' },
    { sequence: 2, record: 'b' },
  ]);
});

test('a record without a value reads as null', async () => {
  const ledger = await open();
  await ledger.append(SEARCH, undefined, 0);
  await ledger.close();
  expect(await records(await open())).toEqual([null]);
});

test('an iteration shows the entries that were there when it began', async () => {
  const ledger = await open();
  await ledger.append(SEARCH, 1, 0);
  const seen: unknown[] = [];
  for await (const { record, sequence } of ledger.read(SEARCH)) {
    await ledger.append(SEARCH, 2, sequence);
    seen.push(record);
  }
  expect(seen).toEqual([1]);
});

describe('a torn last line', () => {
  test('is cut off with a logged line, and the next entry starts cleanly', async () => {
    const before = await open();
    await before.append(SEARCH, 1, 0);
    await before.close();
    await appendFile(file, '{"search":"one","rec');
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, info: (_, fields) => lines.push(fields) };
    const after = await open(logger);
    expect(lines).toEqual([{ file, bytes: 20 }]);
    expect(await after.append(SEARCH, 2, 1)).toBe(2);
    expect(await records(after)).toEqual([1, 2]);
  });

  test('wherever it tears, leaves exactly the entries before it', async () => {
    const whole = await open();
    const keys = ['a', 'b', 'c'];
    await appendAll(
      whole,
      keys.map((key) => ({ key, text: 'größer als ein Byte' })),
    );
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
  ['a search that is no text', '{"search":1,"record":1}'],
])('%s in a whole line is refused with file and line', async (_, line) => {
  const ledger = await open();
  await ledger.append(SEARCH, 1, 0);
  await ledger.close();
  await appendFile(file, `${line}\n`);
  await expect(open()).rejects.toThrow(MalformedLedgerError);
  await expect(open()).rejects.toThrow(`${file}:2`);
  await expect(open()).rejects.toThrow('remove');
});

test('long lines and many of them are read whole', async () => {
  const ledger = await open();
  const record = { text: 'x'.repeat(100_000) };
  await appendAll(ledger, Array(5).fill(record));
  expect(await records(ledger)).toEqual(Array(5).fill(record));
});

test('searches do not see each other, and one can be forgotten', async () => {
  const ledger = await open();
  await ledger.append('one', 1, 0);
  await ledger.append('two', 2, 0);
  await ledger.append('one', 3, 1);
  await ledger.forget('one');
  await ledger.forget('never heard of');
  expect(await records(ledger, 'one')).toEqual([]);
  expect(await ledger.append('two', 4, 1)).toBe(2);
  await ledger.close();
  const next = await open();
  expect(await records(next, 'two')).toEqual([2, 4]);
  expect(await next.append('one', 5, 0)).toBe(1);
});
