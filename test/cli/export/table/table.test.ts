// The final comparison as a table: what its rows say, and that LaTeX and Markdown read them as they are meant.
import { expect, test } from 'vitest';
import { rowsOf, TABLE_LINES, type TableFormat } from '../../../../cli/export/table/index.ts';
import { escaped } from '../../../../cli/export/table/latex.ts';
import { makeControlledResult } from '../../../builders/search-result.ts';

const { comparisons, trials } = makeControlledResult();
const rows = rowsOf(comparisons, trials);
const lines = (format: TableFormat) => [
  ...TABLE_LINES[format](rows, { search: 'night', dataset: 'cifar10' }),
];

test('Markdown has the network, then each control with its difference', () => {
  const [titles, rule, ...table] = lines('markdown');
  expect(titles).toBe(
    '| rules | test accuracy \\[%\\] | trainings | difference \\[points\\] | parameters | MACs | robust, L∞ 8/255 \\[%\\] |',
  );
  expect(rule).toBe('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  expect(table.slice(0, 3)).toEqual([
    '| Network 1 | 90.20 ± 0.16 | 5 | – | 68.9 k | 7.03 M | 67.00 |',
    expect.stringMatching(
      /^\| BP throughout \| 88.95 ± 0.16 \| 5 \| 1.25\\\* \\\[1.20, 1.30\\\] \| 68.9 k \| 7.03 M \| 67.00 \|$/,
    ),
    expect.stringMatching(/^\| frSF throughout \| 90.00 ± 0.00 \| 4, 1 diverged \| 0.15 \\\[/),
  ]);
  expect(table).toContain(`Network 1, found by trial 1: \`${comparisons[0]?.genotype}\``);
});

test('LaTeX has as many cells in each row as columns, and closes what it opens', () => {
  const text = lines('latex');
  const columns = /\\begin\{tabular\}\{@\{\}(\w+)@\{\}\}/.exec(text.join('\n'))?.[1];
  expect(columns).toBe('lrrrrrr');
  const cells = text.filter((line) => line.endsWith('\\\\'));
  expect(cells).toHaveLength(1 + rows.length);
  for (const row of cells) expect(row.split(/(?<!\\)&/)).toHaveLength(7);
  const body = text.filter((line) => !line.startsWith('%')).join('\n');
  expect(body.match(/\\(top|mid|bottom)rule/g)).toEqual(['\\toprule', '\\midrule', '\\bottomrule']);
  const open: string[] = [];
  for (const [, kind, name = ''] of body.matchAll(/\\(begin|end)\{(\w+)\}/g)) {
    if (kind === 'begin') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  const braces = body.replaceAll(/\\[{}]/g, '').replaceAll(/[^{}]/g, '');
  expect(braces.replaceAll('{', '').length).toBe(braces.replaceAll('}', '').length);
  expect(body).toContain('Network 1 & 90.20 $\\pm$ 0.16 & 5 & -- & 68.9 k & 7.03 M & 67.00 \\\\');
  expect(body).toContain('robust, L$_\\infty$ 8/255 [\\%]');
  // No engine needs to know more than ASCII.
  expect(body).toMatch(/^[\x20-\x7e\n]*$/);
});

test.each([
  ['50 % of {a_b} & #1', '50 \\% of \\{a\\_b\\} \\& \\#1'],
  [
    'c:\\x ~ $5^2$ | <3>',
    'c:\\textbackslash{}x \\textasciitilde{} \\$5\\textasciicircum{}2\\$ \\textbar{} \\textless{}3\\textgreater{}',
  ],
])('%s means itself in LaTeX', (text, expected) => {
  expect(escaped(text)).toBe(expected);
});

test('CSV has the numbers as they are, and the verdict that seeds bear', () => {
  const [titles = '', ...table] = lines('csv');
  const cells = table.map((line) => line.split(',').slice(0, 17));
  expect(titles.split(',').slice(0, 5)).toEqual(['network', 'trial', 'kind', 'name', 'trained']);
  expect(cells.map(([, , kind, name]) => [kind, name])).toEqual([
    ['network', ''],
    ['rule', 'BP'],
    ['rule', 'frSF'],
  ]);
  expect(Number(cells[0]?.[8])).toBeCloseTo(0.902, 12);
  // Four pairs are too few for one.
  expect(cells.map((each) => each[16])).toEqual(['', 'better', '']);
});
