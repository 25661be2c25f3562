// An append-only history in one file, a JSON line an entry; a line counts once its newline is on disk.
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger, LedgerEntry, Leftovers } from '../../reconcilers/ports.ts';
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
  /** Records of each search. */
  readonly #counts: Map<string, number>;
  readonly #write = inTurn();
  /** Bytes of whole lines. What lies beyond is the rest of a failed write. */
  #size: number;
  /** The last write failed, so there may be such a rest: the next one must not follow it. */
  #torn = false;

  private constructor(
    file: string,
    handle: FileHandle,
    known: { counts: Map<string, number>; size: number },
  ) {
    this.#file = file;
    this.#handle = handle;
    this.#counts = known.counts;
    this.#size = known.size;
  }

  /** Reads the file once and cuts off a torn last line. @throws MalformedLedgerError */
  static async open(file: string, logger: Logger): Promise<FileLedger> {
    await makeFolder(dirname(file));
    const handle = await open(file, 'a');
    try {
      await syncFolder(dirname(file));
      const known = { counts: new Map<string, number>(), size: 0 };
      for await (const { line, bytes, number } of wholeLines(file)) {
        const { search } = parseLine(line, file, number);
        known.counts.set(search, (known.counts.get(search) ?? 0) + 1);
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

  append(search: string, record: unknown, after: number): Promise<number | undefined> {
    const line = Buffer.from(`${JSON.stringify({ search, record: record ?? null })}\n`);
    return this.#write(async () => {
      if (after !== (this.#counts.get(search) ?? 0)) return undefined;
      if (this.#torn) await this.#handle.truncate(this.#size);
      this.#torn = true;
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
      this.#torn = false;
      this.#size += line.length;
      this.#counts.set(search, after + 1);
      return after + 1;
    });
  }

  /** Entries as of now; what is appended while reading is left out. @throws MalformedLedgerError */
  async *read(search: string): AsyncGenerator<LedgerEntry> {
    const end = this.#size;
    let sequence = 0;
    if (end === 0) return;
    for await (const { line, number } of wholeLines(this.#file, end)) {
      const { search: of, record } = parseLine(line, this.#file, number);
      if (of === search) yield { sequence: ++sequence, record };
    }
  }

  /** Writes the file anew without them. */
  forget(search: string): Promise<void> {
    return this.#write(async () => {
      if (!this.#counts.has(search)) return;
      const kept: string[] = [];
      for await (const { line, number } of wholeLines(this.#file, this.#size)) {
        if (parseLine(line, this.#file, number).search !== search) kept.push(`${line}\n`);
      }
      await writeDurably(this.#file, kept.join(''));
      const old = this.#handle;
      this.#handle = await open(this.#file, 'a');
      await old.close();
      this.#size = Buffer.byteLength(kept.join(''));
      this.#torn = false;
      this.#counts.delete(search);
    });
  }

  async searches(): Promise<string[]> {
    return [...this.#counts.keys()];
  }

  /** After the appends that are under way. */
  close(): Promise<void> {
    return this.#write(() => this.#handle.close());
  }
}

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

/** What a line says. */
interface Said {
  /** UID. */
  readonly search: string;
  readonly record: unknown;
}

function parseLine(line: string, file: string, number: number): Said {
  try {
    const said = JSON.parse(line) as Said | null;
    if (typeof said?.search === 'string' && 'record' in said) return said;
  } catch (error) {
    throw new MalformedLedgerError(`${file}:${number}: expected JSON, found ${shown(line)}`, {
      cause: error,
    });
  }
  throw new MalformedLedgerError(
    `${file}:${number}: expected {"search": UID, "record": ...}, found ${shown(line)}`,
  );
}

/** Its beginning, and the way out: losing a line loses one trial's result, no more. */
const shown = (line: string): string =>
  `${JSON.stringify(line.slice(0, 60))}; mend the line or remove it`;
