// The counter behind resourceVersion. It never gives a number twice, not even when the newest write was a delete and
// left no file: numbers are reserved on disk in blocks, and a start goes on behind the last block.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeDurably } from './durable-file.ts';

const BLOCK = 1000;

/** The file holds no number: to start at 0 would give numbers twice. */
export class UnreadableRevisionError extends Error {
  override readonly name = 'UnreadableRevisionError';
}

export class Revisions {
  readonly #file: string | undefined;
  #current: number;
  #reserved: number;

  private constructor(file: string | undefined, start: number) {
    this.#file = file;
    this.#current = start;
    this.#reserved = start;
  }

  static inMemory(): Revisions {
    return new Revisions(undefined, 0);
  }

  /** @throws UnreadableRevisionError */
  static async open(directory: string): Promise<Revisions> {
    await makeFolder(directory);
    const file = join(directory, 'revision');
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '0';
      throw error;
    });
    if (!/^\d+\s*$/.test(text)) {
      throw new UnreadableRevisionError(
        `${file}: expected a number, found ${JSON.stringify(text.slice(0, 40))}; write one into it that is above every resourceVersion beside it`,
      );
    }
    return new Revisions(file, Number(text));
  }

  get current(): number {
    return this.#current;
  }

  async next(): Promise<number> {
    if (this.#file !== undefined && this.#current >= this.#reserved) {
      const reserved = this.#current + BLOCK;
      await writeDurably(this.#file, `${reserved}\n`);
      this.#reserved = reserved;
    }
    this.#current += 1;
    return this.#current;
  }
}
