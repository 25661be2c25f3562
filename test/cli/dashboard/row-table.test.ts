// Rows and their versions: whoever takes up every change, whenever they look, has the table.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowTable } from '../../../cli/dashboard/row-table.ts';
import { searchRow } from '../../../cli/dashboard/search-row.ts';
import type { FoundSearch } from '../../../cli/place/index.ts';
import { finishedTrial, type ResultTrial } from '../../../cli/result/index.ts';
import type { SearchChange, SearchRow, TrialTable } from '../../../dashboard/api.ts';
import { makeFailedRecord, makeRecord, makeSearch, NOW } from '../../builders/search-result.ts';

const search = (status: Record<string, unknown> = {}): SearchRow =>
  searchRow({ search: makeSearch(status) } as FoundSearch, { trials: [], now: NOW });

const table = () => new RowTable(makeSearch(), 1_000);

const ended = (index: number): ResultTrial => finishedTrial(makeRecord(index), { directory: '' });
const running = (index: number): ResultTrial => ({ ...ended(index), state: 'Running' });

/** As a page does it. */
function withChange(known: TrialTable, change: SearchChange): TrialTable {
  const rows = new Map(known.trials.map((row) => [row.name, row]));
  for (const row of change.trials) rows.set(row.name, row);
  return {
    version: change.version,
    alphabet: [...known.alphabet, ...change.alphabet],
    trials: [...rows.values()].toSorted((a, b) => a.index - b.index),
  };
}

test('a change has the rows that are new or other than before, and no more', () => {
  const rows = table();
  rows.take(search(), [ended(0), running(1)]);
  const { version } = rows;
  expect(rows.take(search(), [ended(0), running(1)])).toBe(false);
  expect(rows.since(version)).toBeUndefined();
  expect(rows.take(search(), [ended(0), ended(1), running(2)])).toBe(true);
  expect(rows.since(version)).toMatchObject({
    version: version + 1,
    trials: [{ name: 'night-0001', state: 'Trained' }, { name: 'night-0002' }],
  });
});

test('time that passes is no change, a count is one', () => {
  const rows = table();
  rows.take(search(), []);
  const { version } = rows;
  const row = search();
  rows.take({ ...row, budget: { ...row.budget, secondsLeft: 7 } }, []);
  expect(rows.since(version)).toBeUndefined();
  rows.take(search({ trials: { proposed: 4 } }), []);
  expect(rows.since(version)).toMatchObject({ search: { trials: { proposed: 4 } }, trials: [] });
});

test.each([
  ['before its own first one', 500],
  ['that it has not reached yet', 9_999],
])('a version %s is of another server: all is to be loaded again', (_, version) => {
  const rows = table();
  rows.take(search(), [ended(0)]);
  expect(rows.since(version)).toMatchObject({ reset: true, trials: [], alphabet: [] });
});

test('a trial that somebody deleted has all load the table again', () => {
  const rows = table();
  rows.take(search(), [ended(0), running(1)]);
  const { version } = rows;
  rows.take(search(), [ended(0)]);
  expect(rows.since(version)).toMatchObject({ reset: true });
  expect(rows.table.trials.map(({ name }) => name)).toEqual(['night-0000']);
});

test('whoever takes up the changes, however often they look, has the table in the end', () => {
  // Each step ends, begins or fails some trials; each reader looks at some of the steps.
  const steps = fc.array(
    fc.tuple(fc.nat(9), fc.constantFrom('ended', 'running', 'failed'), fc.boolean()),
  );
  fc.assert(
    fc.property(steps, (moves) => {
      const rows = table();
      rows.take(search(), []);
      let page = rows.table;
      const trials = new Map<number, ResultTrial>();
      for (const [index, state, looks] of moves) {
        const failed = () => finishedTrial(makeFailedRecord(index, 'no'), { directory: '' });
        trials.set(index, { ended, running, failed }[state](index));
        rows.take(search({ trials: { proposed: trials.size } }), [...trials.values()]);
        const change = looks ? rows.since(page.version) : undefined;
        if (change !== undefined) page = withChange(page, change);
      }
      const last = rows.since(page.version);
      expect(last?.reset).toBeUndefined();
      expect(last === undefined ? page : withChange(page, last)).toEqual(rows.table);
    }),
  );
});

test('rows that are prepared are told once they are taken, with their alphabet, and as if made then', async () => {
  const [rows, others] = [table(), table()];
  rows.take(search(), [ended(0)]);
  others.take(search(), [ended(0)]);
  const before = rows.table;
  const trials = Array.from({ length: 1_200 }, (_, k) => ({ ...ended(k % 3), name: `n-${k}` }));
  let pauses = 0;
  await rows.prepare(trials, async () => {
    pauses += 1;
    expect(rows.table).toEqual(before);
  });
  expect(pauses).toBe(2);
  for (const each of [rows, others]) expect(each.take(search(), trials)).toBe(true);
  expect(rows.table).toEqual(others.table);
  expect(rows.since(before.version)).toEqual(others.since(before.version));
});
