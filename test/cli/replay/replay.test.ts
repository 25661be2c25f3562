// `bionas replay`: a history that is as the engine decides, one that is not, and another run made of its past.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addReplayCommand } from '../../../cli/replay/index.ts';
import { readSearchIn } from '../../../cli/run-directory/index.ts';
import type { LedgerRecord } from '../../../operator/reconcilers/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { makeFinalRecord } from '../../builders/search-result.ts';
import { scheduledHistory } from '../ledger/scheduled-history.ts';
import { leaveRun, makeRoot, playedRecords, SPEC, UID } from './played-run.ts';

let root = '';
beforeEach(async () => {
  root = await makeRoot();
});

async function replay(...args: string[]) {
  const lines: string[] = [];
  let code: number | undefined;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addReplayCommand(program, {
    out: (line) => void lines.push(line),
    readFile: (path) => readFile(path, 'utf8'),
    setExitCode: (value) => {
      code = value;
    },
    signal: new AbortController().signal,
    workingDirectory: root,
    pid: 1,
    isAlive: () => false,
  });
  await program.parseAsync(['replay', ...args], { from: 'user' });
  return { lines, code };
}

const withGenotype = (records: LedgerRecord[], index: number, from: number): LedgerRecord[] =>
  records.map((record, i) =>
    i === index
      ? ({ ...record, genotype: Reflect.get(records[from]!, 'genotype') } as LedgerRecord)
      : record,
  );

async function manifest(spec: Record<string, unknown>): Promise<string> {
  const file = join(root, 'manifest.yaml');
  await writeFile(file, stringify(makeSearchManifest(spec)));
  return file;
}

describe('a history', () => {
  test('that is as the engine decides is told in one line', async () => {
    await leaveRun(root, [...playedRecords(9), { ...makeFinalRecord(0), trial: 'f', index: 9 }]);
    expect(await replay('.')).toEqual({
      lines: [
        `search night (${UID}): 9 proposals, 0 promotions, 0 pauses and 9 ends, all as recorded`,
      ],
      code: 0,
    });
  });

  test('of a scheduler has its pauses and promotions compared', async () => {
    const spec = { scheduling: { name: 'asha' }, training: { epochs: 9 } };
    await leaveRun(root, scheduledHistory(spec, 9), { spec: spec as never });
    const { lines, code } = await replay('.');
    expect(lines[0]).toMatch(
      /9 proposals, [1-9]\d* promotions, [1-9]\d* pauses and 9 ends, all as recorded$/,
    );
    expect(code).toBe(0);
  });

  test('that is not shows the first difference, with both texts', async () => {
    const records = playedRecords(9);
    await leaveRun(root, withGenotype(records, 5, 2));
    const { lines, code } = await replay('.');
    const genotype = (k: number) => Reflect.get(records[k]!, 'genotype');
    expect(lines.slice(0, 3)).toEqual([
      `search night (${UID}): differs at trial 5, after 6 proposals`,
      `  recorded  ${genotype(2)}`,
      `  replayed  ${genotype(5)}`,
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['another seed', { ...SPEC, seed: 2 }],
    ['another algorithm', {}],
  ])('does not fit %s', async (_what, spec) => {
    await leaveRun(root, playedRecords(9));
    expect(await replay('.', '--manifest', await manifest(spec))).toMatchObject({ code: 1 });
  });

  test('fits up to where it was changed', async () => {
    await leaveRun(root, withGenotype(playedRecords(9), 5, 2));
    expect(await replay('.', '--until', '5')).toMatchObject({ code: 1 });
    const { lines, code } = await replay('.', '--until', '4');
    expect(lines[0]).toMatch(/5 proposals, .* 4 ends, all as recorded$/);
    expect(code).toBe(0);
  });
});

describe('trials that have not ended', () => {
  const live = (genotype: string) => [{ index: 4, genotype, proposedAfter: 4 }];

  test('are compared as well', async () => {
    const records = playedRecords(6);
    const genotype = (k: number) => String(Reflect.get(records[k]!, 'genotype'));
    await leaveRun(root, records.slice(0, 4), { live: live(genotype(4)) });
    expect((await replay('.')).lines[0]).toMatch(/: 5 proposals, .* 4 ends, all as recorded$/);
    await leaveRun(root, records.slice(0, 4), { live: live(genotype(5)) });
    expect(await replay('.')).toMatchObject({ code: 1 });
  });

  test('must be there: without them nobody knows when they were proposed', async () => {
    await leaveRun(root, playedRecords(6).toSpliced(3, 1));
    await expect(replay('.')).rejects.toThrow(/index 3 has neither a record of an end nor a Trial/);
  });
});

test('json lists every proposal with its parent and variation', async () => {
  await leaveRun(root, playedRecords(9));
  const { lines } = await replay('.', '-o', 'json');
  const { same, counts, proposals } = JSON.parse(lines[0] ?? '');
  expect({ same, counts }).toEqual({
    same: true,
    counts: { proposals: 9, promotions: 0, pauses: 0, again: 0, ends: 9 },
  });
  expect(proposals).toHaveLength(9);
  expect(proposals[0]).toMatchObject({
    index: 0,
    variation: 'random',
    proposedAfter: 0,
  });
  expect(proposals[8].parent).toBeTypeOf('number');
});

test.each([
  ['no search', [], /expected the directory of a search, found none/],
  ['neither a directory nor a manifest', undefined, /expected a directory, or --manifest/],
])('a call with %s says so', async (_what, files, message) => {
  await expect(files === undefined ? replay() : replay('.')).rejects.toThrow(message);
});

describe('a fork', () => {
  const forked = async (...args: string[]) => {
    const to = join(root, 'fork');
    const told = await replay('.', '--fork', to, ...args);
    const text = await readFile(join(to, 'ledger.jsonl'), 'utf8');
    const entries = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return { told, to, entries };
  };

  test('is a run of its own that ends where it was told to, and replays', async () => {
    await leaveRun(root, playedRecords(9));
    const { told, to, entries } = await forked('--until', '6');
    expect(told.lines[0]).toMatch(
      /: 6 records in .*fork; go on with bionas run FILE --dir .*fork$/,
    );
    expect(entries.map(({ record }) => record.index)).toEqual([0, 1, 2, 3, 4, 5]);
    const [uid] = new Set(entries.flatMap(({ search, record }) => [search, record.search]));
    expect(uid).not.toBe(UID);
    expect((await replay(to)).lines[0]).toMatch(/6 proposals, .* all as recorded$/);
  });

  test('under another seed keeps what was trained as facts', async () => {
    await leaveRun(root, playedRecords(9));
    const seed = await manifest({ ...SPEC, seed: 7 });
    const { told, to, entries } = await forked('--until', '6', '--manifest', seed);
    expect(told.lines[0]).toMatch(/6 records under other settings/);
    expect(entries.every(({ record }) => record.rebuilt === true)).toBe(true);
    await expect(replay(to)).rejects.toThrow(/forked under other settings: no replay can fit/);
  });

  test('under a larger budget is the same search', async () => {
    await leaveRun(root, playedRecords(9));
    const budget = await manifest({ ...SPEC, budget: { trials: 99 } });
    const { to, entries } = await forked('--manifest', budget);
    expect(entries).toHaveLength(9);
    expect(await replay(to)).toMatchObject({ code: 0 });
  });

  test('tries none of its trials again that were wanted of the other', async () => {
    await leaveRun(root, playedRecords(9), { spec: { ...SPEC, retry: { trials: [3] } } as never });
    const { to } = await forked('--until', '2');
    const { spec } = await readSearchIn(to);
    expect(spec.retry).toEqual({ limit: 1, never: expect.any(Array) });
  });

  test.each([
    [
      'other pictures',
      { ...SPEC, dataset: { name: 'cifar10' } },
      /spec.dataset: expected that of the search/,
    ],
    [
      'another recipe',
      { ...SPEC, training: { epochs: 7 } },
      /spec.training: expected that of the search/,
    ],
  ])('is refused under %s', async (_what, spec, message) => {
    await leaveRun(root, playedRecords(9));
    await expect(forked('--manifest', await manifest(spec))).rejects.toThrow(message);
  });

  test('is refused where the history does not fit, and where a search lies already', async () => {
    await leaveRun(root, withGenotype(playedRecords(9), 5, 2));
    await expect(forked()).rejects.toThrow(/trial 5 of the history/);
    await forked('--until', '3');
    await expect(forked('--until', '3')).rejects.toThrow(/without a search, found one/);
  });
});
