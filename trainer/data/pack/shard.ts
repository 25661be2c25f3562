// The pictures of one shard, made small several at a time.
import type { Photographs } from '../dataset.ts';
import { PictureError } from '../decode.ts';
import type { Encoded } from '../picture-reader.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { ShardContents } from './form.ts';
import type { LeftOut } from './manifest.ts';
import type { Shrunk } from './shrink.ts';

export interface ShardOptions {
  /** Number of the shard's first picture in the part. */
  readonly first: number;
  /** Gives the pictures' files one after the other. */
  readonly next: () => Promise<Encoded>;
  readonly shrink: (file: Encoded) => Promise<Shrunk>;
  /** Pictures worked on at once. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
}

/** Memory: the shard. */
export async function shrinkShard(
  { labels }: Photographs,
  pictures: Int32Array,
  options: ShardOptions,
): Promise<ShardContents> {
  const { next, jobs, shrink, first, signal } = options;
  const made: (Shrunk | { readonly leftOut: LeftOut })[] = [];
  await severalAtOnce(jobs, pictures, async (_, place) => {
    signal?.throwIfAborted();
    const file = await next();
    made[place] = await shrink(file).catch((error: unknown) => {
      if (error instanceof PictureError)
        return { leftOut: { picture: file.path, reason: error.got.split('\n')[0] ?? '' } };
      throw error;
    });
  });
  const packed: ShardContents['pictures'][number][] = [];
  const leftOut: LeftOut[] = [];
  const kinds = { leftOut: 0, grey: 0, cmyk: 0 };
  for (const [place, one] of made.entries()) {
    if ('leftOut' in one) {
      leftOut.push(one.leftOut);
      kinds.leftOut += 1;
      continue;
    }
    if (one.kind !== 'colour') kinds[one.kind] += 1;
    const key = String(first + place).padStart(9, '0');
    packed.push({ key, bytes: one.bytes, label: labels[pictures[place] ?? 0] ?? 0 });
  }
  return { pictures: packed, kinds, leftOut };
}
