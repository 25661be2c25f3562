// Rows with columns, and the ways in which they are printed: the one place that knows -o. Pure.
import { stringify } from 'yaml';

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export type Cell = string | number | undefined;

export interface Column<Row> {
  /** Of the table, in capitals; small in CSV. */
  readonly title: string;
  /** For programs, and for people where there is no `text`. */
  readonly value: (row: Row) => Cell;
  /** For people. */
  readonly text?: (row: Row) => string;
  /** Left out of the plain table. */
  readonly wide?: true;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** As kubectl names objects: `trial.bionas.dev/night-0003`. */
  readonly name: (row: Row) => string;
  /** What JSON and YAML show of a row. */
  readonly object: (row: Row) => unknown;
}

/** The lines of it. */
export function printed<Row>(listing: Listing<Row>, format: Format): string[] {
  const { rows, columns, name, object } = listing;
  switch (format) {
    case 'json':
      return [JSON.stringify({ items: rows.map(object) }, null, 2)];
    case 'yaml':
      return [yamlText({ items: rows.map(object) })];
    case 'name':
      return rows.map(name);
    case 'csv':
      return [
        csvLine(columns.map(({ title }) => title.toLowerCase())),
        ...rows.map((row) => csvLine(columns.map(({ value }) => value(row)))),
      ];
    case 'wide':
      return table(rows, columns);
    case 'table':
      return table(
        rows,
        columns.filter(({ wide }) => wide !== true),
      );
  }
}

/** Long texts stay on their line, nothing becomes an alias. */
export const yamlText = (value: unknown): string =>
  stringify(JSON.parse(JSON.stringify(value)), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  }).trimEnd();

function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const lines = rows.map((row) => columns.map((column) => shown(column, row)));
  return aligned([columns.map(({ title }) => title), ...lines]);
}

function shown<Row>({ text, value }: Column<Row>, row: Row): string {
  const words = text?.(row) ?? String(value(row) ?? '');
  return words === '' ? '-' : words;
}

interface Alignment {
  /** Between columns; default three spaces. */
  readonly gap?: string;
  /** Whether all columns but the first are numbers, which end below one another. */
  readonly numbers?: boolean;
}

/** Cells below one another; the last one of a line is left as it is. */
export function aligned(
  lines: readonly (readonly string[])[],
  { gap = '   ', numbers = false }: Alignment = {},
): string[] {
  const most = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: most }, (_, k) =>
    lines.reduce((widest, line) => Math.max(widest, [...(line[k] ?? '')].length), 0),
  );
  const filled = (cell: string, k: number, { length }: readonly string[]) => {
    const room = ' '.repeat((widths[k] ?? 0) - [...cell].length);
    if (numbers && k > 0) return room + cell;
    return k === length - 1 ? cell : cell + room;
  };
  return lines.map((line) => line.map((cell, k) => filled(cell, k, line)).join(gap));
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export const csvLine = (cells: readonly Cell[]): string => cells.map(csvCell).join(',');

function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined ? '' : String(cell);
  const text = /^[=+@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
