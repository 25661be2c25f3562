// A table by what lies at its path.
import { type SearchTable, TableError } from './table.ts';
import { readTrainedTable } from './trained-table.ts';

export interface TableIo {
  readFile(path: string): Promise<string>;
}

/** What the searches ask for, of a table that has several. */
export interface Wanted {
  readonly dataset: string;
  readonly epochs: number;
}

/** Throws TableError. */
export async function openTable(path: string, _wanted: Wanted, io: TableIo): Promise<SearchTable> {
  return readTrainedTable(path, await contentOf(path, io));
}

async function contentOf(path: string, io: TableIo): Promise<string> {
  try {
    return await io.readFile(path);
  } catch (cause) {
    throw new TableError(
      `${path}: expected a table that can be read, got ${(cause as Error).message}`,
      { cause },
    );
  }
}
