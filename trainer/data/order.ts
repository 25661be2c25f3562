// The order in which an epoch shows its pictures: a pure function of seed and epoch. Pictures that lie in blocks are mixed so that each
// block is read once, and no more than a window of them is in use at a time.
import type { Random } from '../random.ts';
import type { Blocks, DatasetPart } from './dataset.ts';
import { blockOf } from './photographs/index.ts';

/** Bytes of the blocks whose pictures are mixed with one another. Part of what makes the order: it is the same on every machine. */
export const WINDOW_BYTES = 64 * 2 ** 20;

/** `pictures` in an order of the generator's choosing; the array is the caller's to give away. */
export function shuffledOrder(set: DatasetPart, pictures: Int32Array, random: Random): Int32Array {
  if ('pictures' in set || set.blocks === undefined) return random.shuffle(pictures);
  return inWindows(pictures, set.blocks, random);
}

/** As they are given, or, so that blocks are read once, as they lie. */
export const givenOrder = (set: DatasetPart, pictures: Int32Array): Int32Array =>
  'pictures' in set || set.blocks === undefined ? pictures : pictures.sort();

/** Blocks in random order; those that follow one another, up to the window's bytes, have their pictures shuffled together. */
function inWindows(pictures: Int32Array, blocks: Blocks, random: Random): Int32Array {
  const sorted = pictures.sort();
  const { starts, ids } = runsOf(sorted, blocks);
  const runs = random.shuffle(Int32Array.from(ids, (_, run) => run));
  const order = new Int32Array(sorted.length);
  let [first, end, bytes] = [0, 0, 0];
  for (const run of runs) {
    const block = ids[run] ?? 0;
    const size = (blocks.to[block] ?? 0) - (blocks.from[block] ?? 0);
    if (bytes > 0 && bytes + size > WINDOW_BYTES) {
      random.shuffle(order.subarray(first, end));
      [first, bytes] = [end, 0];
    }
    const own = sorted.subarray(starts[run], starts[run + 1]);
    order.set(own, end);
    end += own.length;
    bytes += size;
  }
  random.shuffle(order.subarray(first, end));
  return order;
}

/** Where, in sorted pictures, those of each block begin that has any. */
function runsOf(sorted: Int32Array, blocks: Blocks): { starts: number[]; ids: number[] } {
  const [starts, ids]: [number[], number[]] = [[], []];
  let next = -1;
  for (const [i, picture] of sorted.entries()) {
    if (picture < next) continue;
    const block = blockOf(blocks, picture);
    starts.push(i);
    ids.push(block);
    next = blocks.first[block + 1] ?? Number.POSITIVE_INFINITY;
  }
  return { starts: [...starts, sorted.length], ids };
}
