// An append-only history in one file, a JSON line an entry; a line counts once its newline is on disk.
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger, Leftovers } from '../../reconcilers/ports.ts';
import type { Logger } from '../../runtime/index.ts';
import { makeFolder, syncFolder, writeDurably } from './durable-file.ts';
import { inTurn } from './in-turn.ts';

/** A line that was once whole and is no entry: names file and line (from 1). */
export class MalformedLedgerError extends Error {
  override readonly name = 'MalformedLedgerError';
}

const NEWLINE = 10;

export class FileLedger implements Ledger, Leftovers {
  readonly #file: string;
  #handle: FileHandle;
  readonly #keys: Set<string>;
  readonly #write = inTurn();
  /** Bytes of whole lines. What lies beyond is the rest of a failed write. */
  #size: number;
  /** The last write failed, so there may be such a rest: the next one must not follow it. */
  #torn = false;

  private constructor(
    file: string,
    handle: FileHandle,
    known: { keys: Set<string>; size: number },
  ) {
    this.#file = file;
    this.#handle = handle;
    this.#keys = known.keys;
    this.#size = known.size;
  }

  /** Reads the file once for its keys and cuts off a torn last line. @throws MalformedLedgerError */
  static async open(file: string, logger: Logger): Promise<FileLedger> {
    await makeFolder(dirname(file));
    const handle = await open(file, 'a');
    try {
      await syncFolder(dirname(file));
      const known = { keys: new Set<string>(), size: 0 };
      for await (const { line, bytes, number } of wholeLines(file)) {
        const { key } = parseEntry(line, file, number);
        if (known.keys.has(key)) {
          throw new MalformedLedgerError(
            `${file}:${number}: the key ${key} is there twice; remove one of the lines`,
          );
        }
        known.keys.add(key);
        known.size += bytes;
      }
      const { size } = await handle.stat();
      if (size > known.size) {
        logger.info('Cutting off a torn line of the ledger', { file, bytes: size - known.size });
        await handle.truncate(known.size);
        await handle.sync();
      }
      return new FileLedger(file, handle, known);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  append(search: string, name: string, record: unknown): Promise<boolean> {
    const key = `${search}/${name}`;
    const line = Buffer.from(`${JSON.stringify({ key, record: record ?? null })}\n`);
    return this.#write(async () => {
      if (this.#keys.has(key)) return false;
      if (this.#torn) await this.#handle.truncate(this.#size);
      this.#torn = true;
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
      this.#torn = false;
      this.#size += line.length;
      this.#keys.add(key);
      return true;
    });
  }

  /** Entries as of now; what is appended while reading is left out. @throws MalformedLedgerError */
  async *read(search: string): AsyncGenerator<unknown> {
    const end = this.#size;
    if (end === 0) return;
    for await (const { line, number } of wholeLines(this.#file, end)) {
      const { key, record } = parseEntry(line, this.#file, number);
      if (isOf(search, key)) yield record;
    }
  }

  /** Writes the file anew without them. */
  forget(search: string): Promise<void> {
    return this.#write(async () => {
      const gone = [...this.#keys].filter((key) => isOf(search, key));
      if (gone.length === 0) return;
      const kept: string[] = [];
      for await (const { line, number } of wholeLines(this.#file, this.#size)) {
        if (!isOf(search, parseEntry(line, this.#file, number).key)) kept.push(`${line}\n`);
      }
      await writeDurably(this.#file, kept.join(''));
      const old = this.#handle;
      this.#handle = await open(this.#file, 'a');
      await old.close();
      this.#size = Buffer.byteLength(kept.join(''));
      this.#torn = false;
      for (const key of gone) this.#keys.delete(key);
    });
  }

  async searches(): Promise<string[]> {
    return [...new Set([...this.#keys].map((key) => key.slice(0, key.indexOf('/'))))];
  }

  /** After the appends that are under way. */
  close(): Promise<void> {
    return this.#write(() => this.#handle.close());
  }
}

/** A line of the file. */
interface LedgerEntry {
  /** UID of the search, a slash, and the record's own key. */
  readonly key: string;
  readonly record: unknown;
}

const isOf = (search: string, key: string): boolean => key.startsWith(`${search}/`);

interface Line {
  readonly line: string;
  /** With the newline. */
  readonly bytes: number;
  readonly number: number;
}

/** Lines that end in a newline, among the first `end` bytes. */
async function* wholeLines(file: string, end = Number.POSITIVE_INFINITY): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of createReadStream(file, { end: end - 1 }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let stop = rest.indexOf(NEWLINE); stop >= 0; stop = rest.indexOf(NEWLINE, start)) {
      number += 1;
      yield { line: rest.toString('utf8', start, stop), bytes: stop + 1 - start, number };
      start = stop + 1;
    }
    rest = rest.subarray(start);
  }
}

function parseEntry(line: string, file: string, number: number): LedgerEntry {
  try {
    const entry = JSON.parse(line) as LedgerEntry | null;
    if (typeof entry?.key === 'string' && 'record' in entry) return entry;
  } catch (error) {
    throw new MalformedLedgerError(`${file}:${number}: expected JSON, found ${shown(line)}`, {
      cause: error,
    });
  }
  throw new MalformedLedgerError(
    `${file}:${number}: expected {"key": text, "record": ...}, found ${shown(line)}`,
  );
}

/** Its beginning, and the way out: losing a line loses one trial's result, no more. */
const shown = (line: string): string =>
  `${JSON.stringify(line.slice(0, 60))}; mend the line or remove it`;
