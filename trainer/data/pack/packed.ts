// Packed photographs as their reader has them: counts, classes and checksums are those of the manifest, or they are refused.
import type { z } from 'zod';
import { sharedLabels, sharedNumbers, sharedSums } from '../dataset.ts';
import { FormatError } from '../formats/index.ts';
import { blocksOf, type IndexedPhotographs, packNames } from '../photographs/index.ts';
import { severalAtOnce } from '../several-at-once.ts';
import type { Store } from '../stores/index.ts';
import { MANIFEST, type PackedPart, PackManifest, ShardIndex, sha256Of } from './manifest.ts';

/** Indices read at once. */
const WIDTH = 16;

/** The manifest of a packed place. Throws StoreError `missing` where there is none, FormatError where it is none. */
export async function readManifest(store: Store, signal?: AbortSignal): Promise<PackManifest> {
  return parsed(PackManifest, store.title + MANIFEST, await store.get(MANIFEST, { signal }));
}

/** Reads the indices of a part's shards, no pictures. Throws FormatError or StoreError. */
export async function indexPacked(
  store: Store,
  { shards, pictures }: PackedPart,
  {
    classes,
    signal,
  }: { readonly classes: readonly string[]; readonly signal?: AbortSignal | undefined },
): Promise<IndexedPhotographs> {
  const indices: ShardIndex[] = [];
  await severalAtOnce(WIDTH, shards, async (shard, i) => {
    indices[i] = await indexOf(store, shard, signal);
  });
  const count = indices.reduce((sum, { labels }) => sum + labels.length, 0);
  if (count !== pictures)
    throw new FormatError(store.title + MANIFEST, {
      expected: `${pictures} pictures in the shards`,
      got: `${count}`,
    });
  const labels = sharedLabels(count);
  const spans = {
    from: sharedNumbers(count),
    length: sharedLabels(count),
    sums: sharedSums(count),
  };
  let first = 0;
  for (const index of indices) {
    labels.set(index.labels, first);
    spans.from.set(index.from, first);
    spans.length.set(index.length, first);
    spans.sums.set(index.sums, first);
    first += index.labels.length;
  }
  const bad = labels.findIndex((label) => label >= classes.length);
  if (bad >= 0)
    throw new FormatError(store.title + MANIFEST, {
      expected: `labels from 0 to ${classes.length - 1}`,
      got: `${labels[bad]} of picture ${bad}`,
    });
  const files = packNames(
    '',
    shards.map(({ name }) => name),
  );
  const blocks = blocksOf(
    spans,
    indices.map((index) => index.labels.length),
  );
  return { format: 'webdataset', files, labels, classes, spans, blocks };
}

async function indexOf(
  store: Store,
  shard: PackedPart['shards'][number],
  signal: AbortSignal | undefined,
): Promise<ShardIndex> {
  const path = store.title + shard.index;
  const text = await store.get(shard.index, { signal });
  const sum = sha256Of(text);
  if (sum !== shard.indexSha256)
    throw new FormatError(path, { expected: `sha256 ${shard.indexSha256}`, got: sum });
  const size = await store.size(shard.name, signal);
  if (size !== shard.bytes)
    throw new FormatError(store.title + shard.name, {
      expected: `${shard.bytes} bytes`,
      got: size === undefined ? 'no such file' : `${size}`,
    });
  return parsed(ShardIndex, path, text);
}

function parsed<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    const got = cause instanceof SyntaxError ? `"${cause.message}"` : 'other fields';
    throw new FormatError(path, { expected: 'what `bionas data pack` writes', got, cause });
  }
}

/** Reads each shard whole and compares it with the manifest. Memory: a shard. Throws FormatError or StoreError. */
export async function checkShard(
  store: Store,
  { name, sha256 }: PackedPart['shards'][number],
  signal?: AbortSignal,
): Promise<void> {
  const sum = sha256Of(await store.get(name, { signal }));
  if (sum !== sha256)
    throw new FormatError(store.title + name, { expected: `sha256 ${sha256}`, got: sum });
}
