// Batches side by side, and the first few of many.
import { BadInputError } from './bad-input-error.ts';
import type { Batch, OtherHalf, TrainingData } from './ports.ts';

/** @throws BadInputError where the pictures were not cut in two */
export function otherHalfOf({ otherHalf }: Pick<TrainingData, 'otherHalf'>): OtherHalf {
  if (otherHalf === undefined)
    throw new BadInputError('supernet: expected pictures in two halves, got one');
  return otherHalf;
}

/** Each batch of the first with that of the second beside it. */
export async function* inPairs(
  weights: AsyncIterable<Batch>,
  architecture: AsyncIterable<Batch>,
): AsyncGenerator<Batch> {
  const others = architecture[Symbol.asyncIterator]();
  try {
    for await (const batch of weights) {
      const { value, done } = await others.next();
      if (done === true) return;
      yield { ...batch, architecture: value };
    }
  } finally {
    await others.return?.();
  }
}

/** The first batches; all where none is said. */
export async function collected(batches: AsyncIterable<Batch>, most = Infinity): Promise<Batch[]> {
  const taken: Batch[] = [];
  for await (const batch of batches) {
    taken.push(batch);
    if (taken.length >= most) break;
  }
  return taken;
}
