// The table for a paper in LaTeX, with booktabs. Pure.
import { columnsOf, notesOf, type TextColumn } from './columns.ts';
import type { Row } from './rows.ts';

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '±': '$\\pm$',
  '−': '$-$',
  '×': '$\\times$',
  '∞': '$_\\infty$',
  '–': '--',
};

/** Text that means itself in LaTeX, for every engine. */
export const escaped = (text: string): string =>
  text.replaceAll(/[\\&%$#_{}~^<>|±−×∞–]/g, (character) => SPECIAL[character] ?? character);

interface Of {
  readonly search: string;
  readonly dataset: string;
}

export function* latexLines(rows: readonly Row[], { search, dataset }: Of): Generator<string> {
  const columns = columnsOf(rows);
  const caption = `Final networks of the search ${search} on ${dataset}. ${notesOf(rows).join(' ')}`;
  yield '% Needs \\usepackage{booktabs}. Written by bionas export table.';
  yield* genotypes(rows);
  yield '\\begin{table}';
  yield '  \\centering';
  yield `  \\caption{${escaped(caption)}}`;
  yield `  \\label{tab:${search}}`;
  yield `  \\begin{tabular}{@{}${columns.map(({ isNumber }) => (isNumber ? 'r' : 'l')).join('')}@{}}`;
  yield '    \\toprule';
  yield `    ${cells(columns.map(({ title }) => title))}`;
  yield* body(rows, columns);
  yield '    \\bottomrule';
  yield '  \\end{tabular}';
  yield '\\end{table}';
}

/** A rule above each network. */
function* body(rows: readonly Row[], columns: readonly TextColumn[]): Generator<string> {
  for (const row of rows) {
    if (row.control === undefined) yield '    \\midrule';
    yield `    ${cells(columns.map(({ of }) => of(row)))}`;
  }
}

const cells = (texts: readonly string[]): string => `${texts.map(escaped).join(' & ')} \\\\`;

function* genotypes(rows: readonly Row[]): Generator<string> {
  for (const { control, title, index, genotype } of rows)
    if (control === undefined) yield `% ${title}, found by trial ${index}: ${genotype}`;
}
