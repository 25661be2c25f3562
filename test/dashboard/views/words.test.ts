// Small texts and orders of the page.
import { expect, test } from 'vitest';
import type { SearchRow } from '../../../dashboard/api.ts';
import { shortened } from '../../../dashboard/charts/parallel/shortened.ts';
import { sorted } from '../../../dashboard/parts/sorting.ts';
import { matching } from '../../../dashboard/views/searches/matching.ts';
import { sizeText } from '../../../dashboard/views/trial/size-text.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.23 kB'],
  [1_234_567, '1.23 MB'],
  [5e15, '5.00e+3 TB'],
])('%i bytes are %s', (bytes, want) => expect(sizeText(bytes)).toBe(want));

test.each([
  ['nor_conv_3x3:uSF', 'conv 3x3:uSF'],
  ['hebbian_conv_3x3', 'hebbian conv 3x3'],
  ['forward_forward_conv_3x3', 'forward forward…'],
])('%s fits as %s', (value, want) => expect(shortened(value)).toBe(want));

test('what has no value sorts last, either way', () => {
  const columns = [{ title: 'n', by: (row: { n?: number }) => row.n }];
  const rows = [{ n: 2 }, {}, { n: 10 }, { n: 1 }];
  expect(sorted(rows, 'n', columns).map(({ n }) => n)).toEqual([1, 2, 10, undefined]);
  expect(sorted(rows, '-n', columns).map(({ n }) => n)).toEqual([10, 2, 1, undefined]);
  expect(sorted(rows, 'unknown', columns)).toBe(rows);
});

test('searches are found by all words of a text', () => {
  const search = (name: string, phase: string) =>
    ({ namespace: 'team-a', name, phase, algorithm: 'nsga2' }) as SearchRow;
  const searches = [search('night', 'Completed'), search('day', 'Failed')];
  expect(matching(searches, 'TEAM fail').map(({ name }) => name)).toEqual(['day']);
  expect(matching(searches, '')).toHaveLength(2);
});
