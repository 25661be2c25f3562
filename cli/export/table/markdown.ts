// The table in Markdown, as GitHub and pandoc read it. Pure.
import { columnsOf, notesOf } from './columns.ts';
import type { Row } from './rows.ts';

const escaped = (text: string): string => text.replaceAll(/[\\`*_|<>[\]]/g, '\\$&');

export function* markdownLines(rows: readonly Row[]): Generator<string> {
  const columns = columnsOf(rows);
  yield line(columns.map(({ title }) => escaped(title)));
  yield line(columns.map(({ isNumber }) => (isNumber ? '---:' : '---')));
  for (const row of rows) yield line(columns.map(({ of }) => escaped(of(row))));
  yield '';
  yield escaped(notesOf(rows).join(' '));
  for (const { control, network, index, genotype } of rows)
    if (control === undefined)
      yield* ['', `Network ${network}, found by trial ${index}: \`${genotype}\``];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
