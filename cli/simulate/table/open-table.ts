// A table by what lies at its path: a file by its ending, a directory by what is in it.
import { readLedgerTable } from './ledger-table.ts';
import { type SearchTable, TableError } from './table.ts';
import { readTrainedTable } from './trained-table.ts';

export interface TableIo {
  readFile(path: string): Promise<string>;
  /** Names in a directory; undefined where there is none. */
  listDirectory(path: string): Promise<readonly string[] | undefined>;
}

/** What the searches ask for, of a table that has several. */
export interface Wanted {
  readonly dataset: string;
  readonly epochs: number;
}

const LEDGER = 'ledger.jsonl';

/** Throws TableError. */
export async function openTable(path: string, _wanted: Wanted, io: TableIo): Promise<SearchTable> {
  const names = await io.listDirectory(path);
  if (names?.includes(LEDGER)) return openTable(`${path}/${LEDGER}`, _wanted, io);
  if (names !== undefined)
    throw new TableError(
      `${path}: expected the directory of a search, with its ${LEDGER}, got ${names.length} other files`,
    );
  const text = await contentOf(path, io);
  return path.endsWith('.jsonl') ? readLedgerTable(path, text) : readTrainedTable(path, text);
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
