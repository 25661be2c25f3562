// A description on paper: titled blocks of fields and tables, as lines.
import { aligned } from '../output/index.ts';

export type Field = readonly [name: string, value: string | number | undefined];

export interface Section {
  readonly title: string;
  /** Left out where they are empty. */
  readonly fields?: readonly Field[];
  /** Of a table, titles first. */
  readonly table?: readonly (readonly string[])[];
}

/** Sections that say nothing are left out. */
export function sectionLines(sections: readonly Section[]): string[] {
  return sections.flatMap(({ title, fields = [], table = [] }) => {
    const known = fields.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[`${name}:`, String(value)]],
    );
    const lines = [...aligned(known), ...(table.length > 1 ? aligned(table) : [])];
    if (lines.length === 0) return [];
    return title === '' ? lines : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
  });
}
