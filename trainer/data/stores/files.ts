// Files of a store as formats read them: from the beginning to the end.
import type { Store } from './store.ts';

const PIECE = 8 * 2 ** 20;

/** A file's bytes in order, a piece in memory at a time. */
export async function* chunksOf(
  store: Store,
  name: string,
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < size; from += PIECE)
    yield await store.get(name, { range: { from, to: Math.min(size, from + PIECE) }, signal });
}
