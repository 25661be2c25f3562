// The two halves of a supernet's pictures: weights learn from the first, alpha from the second (Liu et al. 2019, section 2.3).
import type { Batch } from '../ports.ts';

/** Of equal length: of an odd number one picture is left out. */
export function halvesOf(indices: Int32Array): { weights: Int32Array; architecture: Int32Array } {
  const half = Math.floor(indices.length / 2);
  return { weights: indices.slice(0, half), architecture: indices.slice(half, 2 * half) };
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
