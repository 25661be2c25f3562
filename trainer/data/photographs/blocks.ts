// Pictures of shards in runs of about a mebibyte, which are read at once.
import { type Blocks, type Spans, sharedLabels, sharedNumbers } from '../dataset.ts';

const BLOCK_BYTES = 2 ** 20;

interface Run {
  readonly file: number;
  readonly first: number;
  readonly from: number;
  to: number;
}

/** `counts`: pictures of each file. The same pictures give the same blocks, wherever they lie. */
export function blocksOf(spans: Spans, counts: readonly number[]): Blocks {
  let first = 0;
  const runs = counts.flatMap((count, file) => {
    first += count;
    return runsOf(spans, { file, first: first - count, end: first });
  });
  return sharedBlocks(runs, first);
}

/** Of the pictures of one file. */
function runsOf(
  { from, length }: Spans,
  { file, first, end }: { readonly file: number; readonly first: number; readonly end: number },
): Run[] {
  const runs: Run[] = [];
  for (let i = first; i < end; i++) {
    const begin = from[i] ?? 0;
    const to = begin + (length[i] ?? 0);
    const run = runs.at(-1);
    if (run !== undefined && begin >= run.to && to - run.from <= BLOCK_BYTES) run.to = to;
    else runs.push({ file, first: i, from: begin, to });
  }
  return runs;
}

/** `count`: pictures of all runs. */
export function sharedBlocks(runs: readonly Readonly<Run>[], count: number): Blocks {
  const blocks = {
    file: sharedLabels(runs.length),
    first: sharedLabels(runs.length + 1),
    from: sharedNumbers(runs.length),
    to: sharedNumbers(runs.length),
  };
  for (const [b, run] of runs.entries()) {
    blocks.file[b] = run.file;
    blocks.first[b] = run.first;
    blocks.from[b] = run.from;
    blocks.to[b] = run.to;
  }
  blocks.first[runs.length] = count;
  return blocks;
}

/** The block of a picture. */
export function blockOf({ first }: Blocks, picture: number): number {
  let [low, high] = [0, first.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((first[middle] ?? 0) <= picture) low = middle;
    else high = middle;
  }
  return low;
}
