// Which places of a batch are one worker's, where several take each step together. A pure function of the batch's size, rank and world.

import type { Worker } from '../worker.ts';

/** Places [first, end) of a batch that are a worker's: all workers' together are the batch, none twice; sizes differ by one at most. */
export function placesOf(size: number, { rank, world }: Worker): { first: number; end: number } {
  const before = (ranks: number) => Math.floor((ranks * size) / world);
  return { first: before(rank), end: before(rank + 1) };
}

/** What is wrong with a share of batches of that size, as field, expectation and value. */
export function shareFault(
  { rank, world }: Worker,
  batchSize: number,
): readonly [string, string, number] | undefined {
  const isWithin = (n: number, from: number, to: number) =>
    Number.isInteger(n) && n >= from && n <= to;
  if (!isWithin(world, 1, batchSize))
    return ['share.world', `from 1 to the ${batchSize} pictures of a batch`, world];
  if (!isWithin(rank, 0, world - 1)) return ['share.rank', `from 0 to ${world - 1}`, rank];
  return undefined;
}
