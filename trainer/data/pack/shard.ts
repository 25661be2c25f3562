// One shard: a tar archive as WebDataset has it, NUMBER.jpg and NUMBER.cls a picture, and the index of what lies in it.
import { crc32 } from 'node:zlib';
import type { Photographs } from '../dataset.ts';
import { PictureError } from '../decode.ts';
import { TAR_BLOCK, tarPadded, writeTarHeader } from '../formats/index.ts';
import type { Encoded } from '../picture-reader.ts';
import { severalAtOnce } from '../several-at-once.ts';
import { type ShardIndex, sha256Of } from './manifest.ts';
import type { Shrunk } from './shrink.ts';

export interface ShardOptions {
  readonly identity: string;
  /** Number of the shard's first picture in the part. */
  readonly first: number;
  /** Gives the pictures' files one after the other. */
  readonly next: () => Promise<Encoded>;
  readonly shrink: (file: Encoded) => Promise<Shrunk>;
  /** Pictures worked on at once. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
}

type Made = Shrunk | { readonly leftOut: { readonly picture: string; readonly reason: string } };

/** Memory: the shard. */
export async function makeShard(
  set: Photographs,
  pictures: Int32Array,
  options: ShardOptions,
): Promise<{ readonly tar: Uint8Array; readonly index: ShardIndex }> {
  const { next, jobs, shrink, identity, first, signal } = options;
  const made: Made[] = [];
  await severalAtOnce(jobs, pictures, async (_, place) => {
    signal?.throwIfAborted();
    const file = await next();
    made[place] = await shrink(file).catch((error: unknown) => {
      if (error instanceof PictureError)
        return { leftOut: { picture: file.path, reason: error.got.split('\n')[0] ?? '' } };
      throw error;
    });
  });
  const index: ShardIndex = {
    ...{ identity, bytes: 0, sha256: '', from: [], length: [], labels: [], sums: [] },
    ...{ kinds: { leftOut: 0, grey: 0, cmyk: 0 }, leftOut: [] },
  };
  const parts: Uint8Array[] = [];
  for (const [place, one] of made.entries()) {
    if ('leftOut' in one) {
      index.leftOut.push(one.leftOut);
      index.kinds.leftOut += 1;
      continue;
    }
    if (one.kind !== 'colour') index.kinds[one.kind] += 1;
    const label = set.labels[pictures[place] ?? 0] ?? 0;
    index.from.push(index.bytes + TAR_BLOCK);
    index.length.push(one.bytes.length);
    index.labels.push(label);
    index.sums.push(crc32(one.bytes));
    const key = String(first + place).padStart(9, '0');
    const entries = [
      ...entryOf(`${key}.jpg`, one.bytes),
      ...entryOf(`${key}.cls`, Buffer.from(`${label}`)),
    ];
    parts.push(...entries);
    index.bytes += entries.reduce((sum, { length }) => sum + length, 0);
  }
  const tar = new Uint8Array(Buffer.concat([...parts, new Uint8Array(2 * TAR_BLOCK)]));
  return { tar, index: { ...index, bytes: tar.length, sha256: sha256Of(tar) } };
}

const entryOf = (name: string, bytes: Uint8Array): readonly Uint8Array[] => [
  writeTarHeader(name, bytes.length),
  bytes,
  new Uint8Array(tarPadded(bytes.length) - bytes.length),
];
