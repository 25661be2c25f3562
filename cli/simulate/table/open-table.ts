// A table by what lies at its path: a file by its ending, a directory by what is in it.
import { readLedgerTable } from './ledger-table.ts';
import { NATS_META, readNatsBench } from './nats-bench.ts';
import { type SearchTable, TableError } from './table.ts';
import { readTrainedTable } from './trained-table.ts';

export interface TableIo {
  readFile(path: string): Promise<string>;
  /** Names in a directory; undefined where there is none. */
  listDirectory(path: string): Promise<readonly string[] | undefined>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Of a table that takes minutes; rejects where nobody wants to wait any longer. */
  onRead(read: number, of: number): Promise<void>;
}

/** What the searches ask for, of a table that has several. */
export interface Wanted {
  readonly dataset: string;
  readonly epochs: number;
}

const LEDGER = 'ledger.jsonl';

/** Throws TableError. */
export async function openTable(path: string, wanted: Wanted, io: TableIo): Promise<SearchTable> {
  const names = await io.listDirectory(path);
  if (names?.includes(LEDGER)) return openTable(`${path}/${LEDGER}`, wanted, io);
  if (names?.includes(NATS_META)) return readNatsBench({ ...io, directory: path, names }, wanted);
  if (names !== undefined)
    throw new TableError(
      `${path}: expected the directory of a search, with its ${LEDGER}, or of NATS-Bench, with its ${NATS_META}, got neither among ${names.length} files`,
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
