// Bytes of one file in order, plain or gunzipped, never more than a chunk in memory beside the caller's target.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FormatError } from './format-error.ts';

/** Deflate cannot expand further than this, so a file's size bounds what it may honestly promise. */
const LARGEST_EXPANSION = 1032;

/** A file as its reader sees it. `maximumBytes` is an upper bound of what `chunks` can yield. */
export interface ByteSource {
  readonly path: string;
  readonly maximumBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Opens a file; a name that ends in `.gz` is gunzipped. Nothing is read before `chunks` is iterated. */
export async function openBytes(path: string, signal?: AbortSignal): Promise<ByteSource> {
  const { size } = await stat(path);
  return byteSource(path, size, createReadStream(path, signal ? { signal } : {}));
}

/** The same of any chunks, of which there are `size` bytes before they are unpacked. */
export function byteSource(
  path: string,
  size: number,
  chunks: AsyncIterable<Uint8Array>,
): ByteSource {
  if (!path.endsWith('.gz')) return { path, maximumBytes: size, chunks };
  return { path, maximumBytes: size * LARGEST_EXPANSION, chunks: gunzip(Readable.from(chunks)) };
}

/** All of it in one piece. */
export async function wholeOf({ chunks }: ByteSource): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const { buffer, byteOffset, byteLength } = Buffer.concat(all);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function* gunzip(file: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* file.pipe(unpacked) as AsyncIterable<Uint8Array>;
  } finally {
    unpacked.destroy();
    if ('destroy' in file && typeof file.destroy === 'function') file.destroy();
  }
}

/** Reads a source piece by piece. Use it for one source, then `close`. */
export class ByteReader {
  readonly #source: ByteSource;
  readonly #iterator: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#iterator = source.chunks[Symbol.asyncIterator]();
  }

  /** Fills `target`, or throws FormatError naming `what` when the source ends first or cannot be unpacked. */
  async fill(target: Uint8Array, what: string): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#at === this.#chunk.length && !(await this.#advance(what))) {
        const end = this.#position + filled;
        throw new FormatError(this.#source.path, {
          expected: `${target.length} bytes of ${what} from byte ${this.#position} on`,
          got: `the end of the file after ${end} bytes`,
        });
      }
      const piece = this.#chunk.subarray(this.#at, this.#at + target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#at += piece.length;
    }
    this.#position += filled;
  }

  /** Throws FormatError when bytes are left. */
  async expectEnd(): Promise<void> {
    while (this.#at === this.#chunk.length) {
      if (!(await this.#advance('the end of the file'))) return;
    }
    throw new FormatError(this.#source.path, {
      expected: `the end of the file after ${this.#position} bytes`,
      got: 'more bytes',
    });
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  async #advance(what: string): Promise<boolean> {
    try {
      const { done, value } = await this.#iterator.next();
      if (done) return false;
      this.#chunk = value;
      this.#at = 0;
      return true;
    } catch (error) {
      if (!isUnpackingError(error)) throw error;
      throw new FormatError(this.#source.path, {
        expected: `gzip data with ${what}`,
        got: `"${error.message}"`,
        cause: error,
      });
    }
  }
}

/** zlib's own errors carry codes such as Z_DATA_ERROR and Z_BUF_ERROR; a disk's do not. */
function isUnpackingError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
