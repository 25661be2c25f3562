// Door of the final comparison as a table.
import { csvLines } from './csv.ts';
import { latexLines } from './latex.ts';
import { markdownLines } from './markdown.ts';
import type { Row } from './rows.ts';

export { rowsOf } from './rows.ts';

export const TABLE_FORMATS = ['markdown', 'latex', 'csv'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

type Lines = (rows: readonly Row[], of: { search: string; dataset: string }) => Iterable<string>;

export const TABLE_LINES: Readonly<Record<TableFormat, Lines>> = {
  markdown: markdownLines,
  latex: latexLines,
  csv: csvLines,
};
