// Photographs made small once and packed into shards, for places that are slow at many small files. A shard is whole or not there, and its
// index is written after it: packing that was stopped at any moment goes on with the shards that lack one. The manifest comes last.
import { Random } from '../../random.ts';
import type { LoadedDataset, Photographs } from '../dataset.ts';
import { shuffledOrder } from '../order.ts';
import { type Encoded, readAhead } from '../picture-reader.ts';
import { type Store, StoreError, type StoreSettings } from '../stores/index.ts';
import {
  type Kinds,
  MANIFEST,
  type PackedPart,
  type PackManifest,
  ShardIndex,
  sha256Of,
} from './manifest.ts';
import { makeShard } from './shard.ts';
import { openShrinker, type ShrinkOptions } from './shrink.ts';

export interface PackOptions extends ShrinkOptions {
  /** Pictures a shard. */
  readonly shardPictures: number;
  /** Of the order in which pictures are packed. */
  readonly seed: number;
  /** Pictures worked on at once. */
  readonly jobs: number;
  readonly stores: StoreSettings;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PackProgress) => void;
}

export interface PackProgress {
  readonly part: PartName;
  /** Shards done of the part, those of an earlier run included. */
  readonly shards: number;
  readonly of: number;
  /** Pictures in the shard, and whether it was there. */
  readonly pictures: number;
  readonly isThere: boolean;
  readonly leftOut: readonly { readonly picture: string; readonly reason: string }[];
}

/** The target cannot be packed into, or holds something else. */
export class PackError extends Error {
  override readonly name = 'PackError';
}

type PartName = 'train' | 'test';
/** As files of the parts are named: readers know validation pictures by it. */
const PREFIX: Readonly<Record<PartName, string>> = { train: 'train', test: 'val' };

/** Packs both parts. Throws PackError, StoreError, or the signal's reason. */
export async function packPhotographs(
  { train, test }: Pick<LoadedDataset, 'train' | 'test'>,
  target: Store,
  options: PackOptions,
): Promise<PackManifest> {
  if ('pictures' in train || 'pictures' in test)
    throw new PackError(`${train.name}: expected photographs, got pictures of one size`);
  if (target.put === undefined)
    throw new PackError(
      `${target.title}: expected a place that takes files, a directory or s3://...`,
    );
  const manifest: PackManifest = {
    kind: 'bionas-pack',
    version: 1,
    side: options.side,
    classes: [...train.classes],
    parts: {
      train: await packPart(train, { part: 'train', target, options }),
      test: await packPart(test, { part: 'test', target, options }),
    },
  };
  await target.put(MANIFEST, encoded(manifest), options.signal);
  return manifest;
}

interface Packing {
  readonly part: PartName;
  readonly target: Store;
  readonly options: PackOptions;
}

async function packPart(set: Photographs, { part, target, options }: Packing): Promise<PackedPart> {
  const { shardPictures, seed, signal } = options;
  const order = packedOrder(set, Random.fromSeed(seed).split(`pack ${part}`));
  const readFrom = sequentialReader(set, order, options.stores);
  const identity = identityOf(set, options);
  const shrink = await openShrinker(options);
  const of = Math.ceil(order.length / shardPictures);
  const total: PackedPart = { pictures: 0, kinds: { leftOut: 0, grey: 0, cmyk: 0 }, shards: [] };
  for (let shard = 0; shard < of; shard++) {
    signal?.throwIfAborted();
    const stem = `${PREFIX[part]}-${String(shard).padStart(6, '0')}`;
    const first = shard * shardPictures;
    const before = await indexThere(target, `${stem}.json`, { identity, signal });
    const index =
      before ??
      (await packShard(target, stem, {
        signal,
        make: () =>
          makeShard(set, order.subarray(first, first + shardPictures), {
            ...options,
            next: readFrom(first),
            identity,
            first,
            shrink,
          }),
      }));
    addTo(total, stem, index);
    const { leftOut, labels } = index;
    const isThere = before !== undefined;
    options.onProgress?.({
      part,
      shards: shard + 1,
      of,
      pictures: labels.length,
      isThere,
      leftOut,
    });
  }
  return total;
}

/** Only whole blocks of these can be read. */
const isInBlocks = ({ blocks, spans }: Photographs): boolean =>
  blocks !== undefined && spans === undefined;

/** Any picture may follow any other, or, where they lie in blocks, those of a window of blocks: each block is read once. */
function packedOrder(set: Photographs, random: Random): Int32Array {
  const all = Int32Array.from(set.labels.keys());
  return isInBlocks(set) ? shuffledOrder(set, all, random) : random.shuffle(all);
}

/** Readers of the order from a place on; the same one goes on where it has read to that place. */
function sequentialReader(set: Photographs, order: Int32Array, stores: StoreSettings) {
  let at = -1;
  let read: () => Promise<Encoded>;
  return (first: number) => {
    if (first !== at) read = readAhead(set, order.subarray(first), { stores, isSparse: true });
    at = first;
    return () => {
      at += 1;
      return read();
    };
  };
}

interface ShardWork {
  readonly make: () => ReturnType<typeof makeShard>;
  readonly signal: AbortSignal | undefined;
}

async function packShard(
  target: Store,
  stem: string,
  { make, signal }: ShardWork,
): Promise<ShardIndex> {
  const { tar, index } = await make();
  if (index.labels.length === 0) throw new PackError(emptyMessage(stem, index));
  await target.put?.(`${stem}.tar`, tar, signal);
  await target.put?.(`${stem}.json`, encoded(index), signal);
  return index;
}

function emptyMessage(stem: string, { leftOut }: ShardIndex): string {
  const [first] = leftOut;
  return (
    `${stem}: expected pictures, got none: all ${leftOut.length} were left out, the first, ${first?.picture}, for "${first?.reason}". ` +
    'Look whether they are whole, and pack again: it goes on here.'
  );
}

interface Expected {
  readonly identity: string;
  readonly signal: AbortSignal | undefined;
}

/** Of a shard that an earlier run has packed whole. */
async function indexThere(
  target: Store,
  name: string,
  { identity, signal }: Expected,
): Promise<ShardIndex | undefined> {
  try {
    const index = ShardIndex.parse(
      JSON.parse(Buffer.from(await target.get(name, { signal })).toString()),
    );
    if (index.identity === identity) return index;
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'missing') return undefined;
    if (error instanceof StoreError) throw error;
  }
  throw new PackError(
    `${target.title}${name}: expected the index of a shard of these pictures and settings, got another. ` +
      'Pack into an empty place, or with the settings that were used there.',
  );
}

/** The same pictures packed in the same way have the same. */
function identityOf(set: Photographs, { side, quality, seed, shardPictures }: PackOptions): string {
  const { place, classes, labels, files } = set;
  const of = (array: Uint8Array | Int32Array) =>
    sha256Of(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const how = { side, quality, seed, shardPictures, ...(isInBlocks(set) ? { by: 'blocks' } : {}) };
  return sha256Of(
    JSON.stringify({ ...how, place, classes, labels: of(labels), files: of(files.bytes) }),
  );
}

function addTo(total: PackedPart, stem: string, index: ShardIndex): void {
  const { bytes, sha256 } = index;
  const [name, pictures] = [`${stem}.tar`, index.labels.length];
  const indexSha256 = sha256Of(encoded(index));
  total.shards.push({ name, index: `${stem}.json`, pictures, bytes, sha256, indexSha256 });
  total.pictures += pictures;
  for (const kind of Object.keys(total.kinds) as (keyof Kinds)[])
    total.kinds[kind] += index.kinds[kind];
}

const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
