// `bionas report DIR`: a report from whatever is left of a search, and a plain word where nothing is.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readResult, writeResult } from '../../../cli/result/index.ts';
import { addReportCommand } from '../../../cli/run/index.ts';
import { FileLedger, ObjectStore } from '../../../operator/adapters/local/index.ts';
import { SEARCHES, TRIALS } from '../../../operator/reconcilers/index.ts';
import { silentLogger, systemClock } from '../../../operator/runtime/index.ts';
import { makeRecord, makeResult, makeSearch, rankedOf } from '../../builders/search-result.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bionas-report-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function report(isAlive = false): Promise<string[]> {
  const lines: string[] = [];
  const program = new Command().exitOverride();
  addReportCommand(program, {
    out: (line) => lines.push(line),
    pid: 1,
    isAlive: () => isAlive,
    workingDirectory: directory,
  });
  await program.parseAsync(['report', '.'], { from: 'user' });
  return lines;
}

async function leaveSearch(): Promise<void> {
  const store = await ObjectStore.open({
    directory: join(directory, 'objects'),
    kinds: [
      { kind: SEARCHES, keep: 'disk' },
      { kind: TRIALS, keep: 'disk' },
    ],
    clock: systemClock,
    newUid: () => 'search-uid',
    logger: silentLogger,
  });
  const { status, ...search } = makeSearch({ best: [rankedOf(makeRecord(0))] });
  await store.of(SEARCHES).create(search);
  await store.of(SEARCHES).patchStatus({ namespace: 'default', name: 'night' }, status ?? {});
  const ledger = await FileLedger.open(join(directory, 'ledger.jsonl'), silentLogger);
  for (const index of [0, 1]) {
    const record = makeRecord(index);
    await ledger.append(record.search, record, index);
  }
  await ledger.append('another', { ...makeRecord(2), search: 'another' }, 0);
  await ledger.close();
}

test('from history: result and report are written anew, and say what the ledger does', async () => {
  await leaveSearch();
  await writeFile(join(directory, 'result.json'), 'stale');
  expect(await report()).toEqual([join(directory, 'report.html')]);
  const result = await readResult(join(directory, 'result.json'));
  expect(result.state).toBe('Interrupted');
  expect(result.trials.map(({ name }) => name)).toEqual(['night-0000', 'night-0001']);
  expect(result.best.map(({ trial }) => trial)).toEqual(['night-0000']);
  expect(await readFile(join(directory, 'report.html'), 'utf8')).toContain('70.00 %');
  expect(await readdir(directory)).not.toContain('lock');
});

test('from result.json alone, as after a copy', async () => {
  await writeResult(join(directory, 'result.json'), makeResult());
  await report();
  expect(await readFile(join(directory, 'report.html'), 'utf8')).toContain('90.66 %');
});

test('a directory without a search is refused, and left as it was', async () => {
  await expect(report()).rejects.toThrow(/expected the directory of a search/);
  expect(await readdir(directory)).toEqual([]);
});

test('a search that runs is not disturbed', async () => {
  await mkdir(join(directory, 'objects'));
  await writeFile(join(directory, 'lock'), '77');
  await expect(report(true)).rejects.toThrow(/process 77 runs this search/);
});
