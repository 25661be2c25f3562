// `bionas ledger verify` on files: what is whole passes, and each kind of damage is named with its place.
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addLedgerCommand } from '../../../cli/ledger/index.ts';
import type { LedgerRecord, TrialRecord } from '../../../operator/reconcilers/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { makePlayedRecords } from '../../builders/played-records.ts';
import { makeFinalRecord, makeRecord } from '../../builders/search-result.ts';
import { scheduledHistory } from './scheduled-history.ts';

const FILE = 'runs/night/ledger.jsonl';
const MANIFEST = 'night.yaml';

const line = (record: LedgerRecord, { search } = record): string =>
  `${JSON.stringify({ search, record })}\n`;

async function verify(files: Record<string, string>, args: readonly string[]) {
  const lines: string[] = [];
  const problems: string[] = [];
  let code: number | undefined;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addLedgerCommand(program, {
    out: (text) => void lines.push(text),
    err: (text) => void problems.push(text),
    readFile: async (path) => files[path] ?? Promise.reject(new Error(`no ${path}`)),
    setExitCode: (value) => (code = value),
    signal: new AbortController().signal,
  });
  await program.parseAsync(['ledger', 'verify', ...args], { from: 'user' });
  return { lines, problems, code };
}

const verifyText = (text: string) => verify({ [FILE]: text }, ['--file', FILE]);

test('a whole history passes, and says how much it is', async () => {
  const records = [0, 1, 2].map((index) => makeRecord(index));
  const final = { ...makeFinalRecord(0), trial: 'uid-final', index: 3 };
  const { lines, problems, code } = await verifyText(
    [...records, final].map((each) => line(each)).join(''),
  );
  expect({ problems, code }).toEqual({ problems: [], code: 0 });
  expect(lines).toEqual(['search search-uid: 4 records, indices 0 to 3']);
});

test('the rest of a write that was cut off is no damage', async () => {
  const { code } = await verifyText(`${line(makeRecord(0))}{"search":"search-uid","rec`);
  expect(code).toBe(0);
});

const { genotype: _, ...withoutGenotype } = makeRecord(1);

describe('damage', () => {
  test.each([
    [
      'an index that is missing',
      [line(makeRecord(0)), line(makeRecord(2))],
      'search search-uid: index 1 missing below 2: not ended yet, or lost',
    ],
    [
      'indices that are missing',
      [line(makeRecord(1)), line(makeRecord(5)), line(makeRecord(7))],
      'search search-uid: indices 0, 2 to 4, 6 missing below 7: not ended yet, or lost',
    ],
    [
      'a trial twice',
      [line(makeRecord(0)), line(makeRecord(0))],
      `${FILE}:2: trial uid-0 is there twice, first at ${FILE}:1`,
    ],
    [
      'two trials of one index',
      [line(makeRecord(0)), line(makeRecord(0, { trial: 'uid-twin' }))],
      `${FILE}:2: index 0 is there twice, first at ${FILE}:1`,
    ],
    ['no JSON', [line(makeRecord(0)), 'oops\n'], `${FILE}:2: expected a JSON line, found "oops"`],
    [
      'no entry',
      [line(makeRecord(0)), '{"record":1}\n'],
      `${FILE}:2: expected {"search": UID, "record": ...}, found "{\\"record\\":1}"`,
    ],
    [
      'a record without a genotype',
      [line(makeRecord(0)), line(withoutGenotype as TrialRecord)],
      `${FILE}:2: no record of a trial: genotype: Invalid input: expected string, received undefined`,
    ],
    [
      'a record under another search',
      [line(makeRecord(0)), line(makeRecord(1, { search: 'other-uid' }), makeRecord(1))],
      `${FILE}:2: expected a record of search search-uid, got one of other-uid`,
    ],
  ])('%s is named, and the exit code is 1', async (_what, text, problem) => {
    const { problems, code } = await verifyText(text.join(''));
    expect(problems).toContain(problem);
    expect(code).toBe(1);
  });

  test('nothing at all is none of the histories that were asked for', async () => {
    expect(await verifyText('')).toMatchObject({
      problems: [`${FILE}: expected records, found none`],
      code: 1,
    });
  });

  test('of one search does not touch its neighbour', async () => {
    const other = { search: 'other-uid' };
    const text = [makeRecord(0), makeRecord(0, other), makeRecord(2, other)]
      .map((each) => line(each))
      .join('');
    const args = ['--file', FILE, '--search'];
    expect((await verify({ [FILE]: text }, [...args, 'search-uid'])).code).toBe(0);
    expect((await verify({ [FILE]: text }, [...args, 'other-uid'])).code).toBe(1);
    expect((await verify({ [FILE]: text }, [...args, 'third-uid'])).problems).toEqual([
      `${FILE}: expected records of third-uid, found none`,
    ]);
  });
});

describe('with the manifest', () => {
  const args = ['--file', FILE, '--manifest', MANIFEST];
  const manifestOf = (spec: Record<string, unknown> = {}) =>
    JSON.stringify(makeSearchManifest(spec));
  const text = (records: readonly LedgerRecord[]) => records.map((each) => line(each)).join('');

  test('a history that was rebuilt after a loss is checked for gaps alone', async () => {
    const rebuilt = makePlayedRecords(20)
      .toReversed()
      .map((record) => ({ ...record, rebuilt: true as const }));
    const files = { [FILE]: text(rebuilt), [MANIFEST]: manifestOf() };
    const { lines, code } = await verify(files, args);
    expect(code).toBe(0);
    expect(lines).toEqual([
      'search search-uid: 20 records, indices 0 to 19, rebuilt from Trials after a loss, so no replay can fit',
    ]);
  });

  test('a history is replayed', async () => {
    const files = { [FILE]: text(makePlayedRecords(20)), [MANIFEST]: manifestOf() };
    const { lines, code } = await verify(files, args);
    expect(lines).toEqual(['search search-uid: 20 records, indices 0 to 19, the replay fits']);
    expect(code).toBe(0);
  });

  test('pauses and promotions are replayed, and one that was not to be had is named', async () => {
    const scheduled = { scheduling: { name: 'asha' }, training: { epochs: 9 } };
    const records = scheduledHistory(scheduled, 9);
    const manifest = manifestOf(scheduled);
    const whole = await verify({ [FILE]: text(records), [MANIFEST]: manifest }, args);
    expect(whole.lines).toEqual(['search search-uid: 9 records, indices 0 to 8, the replay fits']);
    const other = records.map((record) =>
      'kind' in record && record.kind === 'promotion' ? { ...record, index: 8 } : record,
    );
    const { problems } = await verify({ [FILE]: text(other), [MANIFEST]: manifest }, args);
    expect(problems[0]).toContain('trial 8 of the history: expected its promotion');
  });

  test.each<[string, (records: TrialRecord[]) => TrialRecord[], Record<string, unknown>]>([
    ['another seed', (records) => records, { seed: 2 }],
    [
      'a genotype that was edited',
      (records) => records.with(3, { ...records[3]!, genotype: records[4]!.genotype }),
      {},
    ],
    [
      'results told before they could be',
      (records) => records.with(2, { ...records[2]!, proposedAfter: 9 }),
      {},
    ],
  ])('%s does not fit', async (_what, change, spec) => {
    const files = { [FILE]: text(change(makePlayedRecords(20))), [MANIFEST]: manifestOf(spec) };
    const { problems, code } = await verify(files, args);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^search search-uid: (result of )?trial \d+.*: expected /);
    expect(code).toBe(1);
  });

  test('a history with a gap is not replayed, and says so', async () => {
    const files = { [FILE]: text(makePlayedRecords(20).toSpliced(3, 1)), [MANIFEST]: manifestOf() };
    const { lines } = await verify(files, args);
    expect(lines).toEqual([
      'search search-uid: 19 records, indices 0 to 19, not replayed because of the above',
    ]);
  });

  test.each(['night-final-0', 'night-f0-s1', 'night-f0-c03-s19'])(
    'a final trial named %s is one of the search',
    async (name) => {
      const final = { ...makeFinalRecord(0), trial: 'uid-final', name, index: 2 };
      const files = { [FILE]: text([...makePlayedRecords(2), final]), [MANIFEST]: manifestOf() };
      expect((await verify(files, args)).lines[0]).toMatch(/the replay fits$/);
    },
  );

  test('what was taken from another search is proposed again', async () => {
    const warmStart = { search: { name: 'day' } };
    const [first, second] = makePlayedRecords(2).map(({ genotype }) => genotype);
    const from = { name: 'day', namespace: 'default', uid: 'day-uid' };
    const taken = { search: 'search-uid', kind: 'warm-start', from, completionTime: '' } as const;
    const records = (genotypes: string[]): LedgerRecord[] => [
      { ...taken, genotypes },
      makeRecord(0, { genotype: second!, proposedAfter: 0 }),
    ];
    const of = (genotypes: string[]) =>
      verify({ [FILE]: text(records(genotypes)), [MANIFEST]: manifestOf({ warmStart }) }, args);
    expect(await of([second!])).toMatchObject({ problems: [], code: 0 });
    expect((await of([first!])).problems[0]).toMatch(/trial 0 of the history: expected/);
  });

  test('only searches of its name are looked at', async () => {
    const other = JSON.stringify({ ...makeSearchManifest(), metadata: { name: 'nigh' } });
    const files = { [FILE]: text(makePlayedRecords(2)), [MANIFEST]: other };
    expect((await verify(files, args)).problems).toEqual([
      `${FILE}: expected records of a search named nigh, found none`,
    ]);
  });
});

test('a file and a NATS server at once are a question too many', async () => {
  const asked = verify({}, ['--file', FILE, '--nats', 'nats://127.0.0.1:1']);
  await expect(asked).rejects.toThrow(
    "option '--file <path>' cannot be used with option '--nats <url>'",
  );
});
