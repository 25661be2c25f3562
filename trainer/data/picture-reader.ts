// Files of photographs in the order in which batches want them, read some pictures ahead. Blocks with several pictures are kept, the
// least recently used going first, as long as they fit in twice the window that the order mixes; those that pictures ahead wait for, too.
import { crc32 } from 'node:zlib';
import { createByteGate } from './byte-gate.ts';
import type { Photographs, Spans } from './dataset.ts';
import { WINDOW_BYTES } from './order.ts';
import { blockOf, FORMATS, fileOf, nameAt } from './photographs/index.ts';
import { openStore, type StoreSettings } from './stores/index.ts';

/** A picture's file. */
export interface Encoded {
  /** For messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A picture's bytes are not those that were packed. */
export class ChecksumError extends Error {
  override readonly name = 'ChecksumError';
}

/** Pictures whose reading is under way or done, beside those in blocks. */
const AHEAD = 64;
const HELD_BYTES = 2 * WINDOW_BYTES;

export interface ReaderOptions {
  readonly stores: StoreSettings;
  /** Few pictures of each block are wanted: they are read alone where that can be. */
  readonly isSparse: boolean;
}

/** Gives the pictures one after the other; each call may be made before the last has come. */
export function readAhead(
  set: Photographs,
  order: Iterable<number>,
  { stores, isSparse }: ReaderOptions,
): () => Promise<Encoded> {
  const { read, blockOf } = pictureReader(set, { stores, isSparse });
  const waiting = order[Symbol.iterator]();
  const gate = createByteGate(HELD_BYTES);
  const ahead: Ahead[] = [];
  const begin = (index: number): Ahead => {
    const block = blockOf(index);
    if (block === undefined) return { reading: read(index), taken: () => undefined };
    const reading = gate.enter(block.number, block.bytes).then(() => read(index));
    return { reading, taken: () => gate.leave(block.number) };
  };
  return () => {
    while (ahead.length < AHEAD) {
      const { done, value } = waiting.next();
      if (done) break;
      const one = begin(value);
      one.reading.catch(() => undefined); // Who takes it hears of it.
      ahead.push(one);
    }
    const next = ahead.shift();
    if (next === undefined)
      return Promise.reject(new RangeError(`${set.name}: no picture is left`));
    return next.reading.finally(next.taken);
  };
}

interface Ahead {
  readonly reading: Promise<Encoded>;
  /** Its block is not needed for it any more. */
  readonly taken: () => void;
}

interface PictureReader {
  read(index: number): Promise<Encoded>;
  /** What has to be in memory for it; undefined where that is the picture alone. */
  blockOf(index: number): { readonly number: number; readonly bytes: number } | undefined;
}

function pictureReader(set: Photographs, { stores, isSparse }: ReaderOptions): PictureReader {
  const store = openStore(set.place, stores);
  const format = FORMATS[set.format];
  const { blocks, spans } = set;
  if (blocks === undefined)
    return {
      blockOf: () => undefined,
      async read(index) {
        const [bytes = new Uint8Array()] = await format.readBlock(set, store, index);
        return { path: store.title + fileOf(set, index), bytes };
      },
    };
  const bytesOf = (block: number) => (blocks.to[block] ?? 0) - (blocks.from[block] ?? 0);
  const held = heldBlocks(bytesOf, (block) => format.readBlock(set, store, block));
  const inBlock = async (index: number, block: number) =>
    (await held(block))[index - (blocks.first[block] ?? 0)] ?? new Uint8Array();
  const alone = (index: number, block: number, { from, length }: Spans) => {
    const range = { from: from[index] ?? 0, to: (from[index] ?? 0) + (length[index] ?? 0) };
    return store.get(nameAt(set.files, blocks.file[block] ?? 0), { range });
  };
  const isAlone = isSparse && spans !== undefined;
  return {
    blockOf(index) {
      const number = blockOf(blocks, index);
      return isAlone ? undefined : { number, bytes: bytesOf(number) };
    },
    async read(index) {
      const block = blockOf(blocks, index);
      const bytes = await (isAlone ? alone(index, block, spans) : inBlock(index, block));
      const path = `${store.title}${nameAt(set.files, blocks.file[block] ?? 0)} (picture ${index})`;
      checkSum(set, { index, path, bytes });
      return { path, bytes };
    },
  };
}

type Pictures = readonly Uint8Array[];

/** Blocks by number, each read once while it is held. */
function heldBlocks(
  size: (block: number) => number,
  read: (block: number) => Promise<Pictures>,
): (block: number) => Promise<Pictures> {
  const held = new Map<number, Promise<Pictures>>();
  let bytes = 0;
  const drop = (block: number) => {
    if (held.delete(block)) bytes -= size(block);
  };
  return (block) => {
    const known = held.get(block);
    if (known !== undefined) {
      held.delete(block);
      held.set(block, known);
      return known;
    }
    const reading = read(block);
    held.set(block, reading);
    bytes += size(block);
    reading.catch(() => drop(block));
    for (const [oldest] of held) {
      if (bytes <= HELD_BYTES || oldest === block) break;
      drop(oldest);
    }
    return reading;
  };
}

function checkSum({ spans }: Photographs, picture: Encoded & { readonly index: number }): void {
  const expected = spans?.sums?.[picture.index];
  if (expected === undefined || crc32(picture.bytes) === expected) return;
  throw new ChecksumError(
    `${picture.path}: expected the bytes that were packed (CRC-32 ${expected}), got others. ` +
      'The shard was damaged or replaced: pack it again.',
  );
}
