// -o of every command: one listing, six ways to print it.
import { expect, test } from 'vitest';
import { csvLine, type Format, type Listing, printed } from '../../../cli/output/index.ts';

interface Network {
  readonly name: string;
  readonly accuracy?: number;
  readonly said: string;
}

const NETWORKS: Listing<Network> = {
  rows: [
    { name: 'night-0', accuracy: 0.5, said: 'good, "really"' },
    { name: 'night-10', said: '=SUM(A1)' },
  ],
  columns: [
    { title: 'NAME', value: ({ name }) => name },
    {
      title: 'ACCURACY',
      value: ({ accuracy }) => accuracy,
      text: ({ accuracy }) => (accuracy === undefined ? '' : `${100 * accuracy} %`),
    },
    { title: 'SAID', value: ({ said }) => said, wide: true },
  ],
  name: ({ name }) => `trial.bionas.dev/${name}`,
  object: ({ name, accuracy }) => ({ name, accuracy }),
};

test.each<[Format, string[]]>([
  ['table', ['NAME       ACCURACY', 'night-0    50 %', 'night-10   -']],
  [
    'wide',
    [
      'NAME       ACCURACY   SAID',
      'night-0    50 %       good, "really"',
      'night-10   -          =SUM(A1)',
    ],
  ],
  ['name', ['trial.bionas.dev/night-0', 'trial.bionas.dev/night-10']],
  ['csv', ['name,accuracy,said', 'night-0,0.5,"good, ""really"""', "night-10,,'=SUM(A1)"]],
  ['yaml', ['items:\n  - name: night-0\n    accuracy: 0.5\n  - name: night-10']],
])('%s', (format, lines) => {
  expect(printed(NETWORKS, format)).toEqual(lines);
});

test('json is one document with all items', () => {
  const [text = ''] = printed(NETWORKS, 'json');
  expect(JSON.parse(text)).toEqual({
    items: [{ name: 'night-0', accuracy: 0.5 }, { name: 'night-10' }],
  });
});

test('nothing is a table of titles, and a CSV of titles', () => {
  const empty = { ...NETWORKS, rows: [] };
  expect(printed(empty, 'table')).toEqual(['NAME   ACCURACY']);
  expect(printed(empty, 'csv')).toEqual(['name,accuracy,said']);
});

test('CSV holds line breaks in quotes', () => {
  expect(csvLine(['a\nb', -1, undefined])).toBe('"a\nb",-1,');
});
