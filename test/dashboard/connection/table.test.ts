// Changes to the table of trials.
import { expect, test } from 'vitest';
import type { SearchChange, SearchRow } from '../../../dashboard/api.ts';
import { changed, tableOf } from '../../../dashboard/connection/table.ts';
import { makeRow } from '../../builders/trial-rows.ts';

const table = tableOf({ version: 3, alphabet: ['a'], trials: [makeRow(0), makeRow(1)] });
const change = (part: Partial<SearchChange>): SearchChange => ({
  version: 4,
  search: {} as SearchRow,
  trials: [],
  alphabet: [],
  ...part,
});

test('a trial that is known is replaced, and a new one comes after the rest', () => {
  const next = changed(
    table,
    change({ trials: [makeRow(1, { epochs: 9 }), makeRow(2)], alphabet: ['b'] }),
  );
  expect(next.trials.map(({ index, epochs }) => [index, epochs])).toEqual([
    [0, 2],
    [1, 9],
    [2, 2],
  ]);
  expect(next).toMatchObject({ version: 4, alphabet: ['a', 'b'] });
  expect(next.places.get('night-0002')).toBe(2);
  expect(table.trials).toHaveLength(2);
});

test('a change that the table has already is nothing', () => {
  expect(changed(table, change({ version: 3, trials: [makeRow(5)] }))).toBe(table);
});
