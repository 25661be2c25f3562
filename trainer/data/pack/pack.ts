// Photographs made small once and packed into shards, for places that are slow at many small files. A shard is whole or not there:
// packing that was stopped at any moment goes on with those that are not.
import { Random } from '../../random.ts';
import type { LoadedDataset, Photographs } from '../dataset.ts';
import { shuffledOrder } from '../order.ts';
import { type Encoded, readAhead } from '../picture-reader.ts';
import type { Store, StoreSettings } from '../stores/index.ts';
import {
  PackError,
  type PackForm,
  type PackSummary,
  type PackTarget,
  type PartName,
  type ShardContents,
  type ShardPlace,
  type ShardRecord,
} from './form.ts';
import { type Kinds, type LeftOut, sha256Of } from './manifest.ts';
import { parquetForm } from './parquet.ts';
import { shrinkShard } from './shard.ts';
import { openShrinker, type ShrinkOptions } from './shrink.ts';
import { tarForm } from './tar.ts';

export const PACK_FORMATS = ['webdataset', 'parquet'] as const;
type PackFormat = (typeof PACK_FORMATS)[number];

const FORMS: Readonly<Record<PackFormat, PackForm>> = { webdataset: tarForm, parquet: parquetForm };

export interface PackOptions extends ShrinkOptions {
  readonly format: PackFormat;
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
  readonly leftOut: readonly LeftOut[];
}

/** Packs both parts. Throws PackError, StoreError, or the signal's reason. */
export async function packPhotographs(
  { train, test }: Pick<LoadedDataset, 'train' | 'test'>,
  store: Store,
  options: PackOptions,
): Promise<PackSummary> {
  if ('pictures' in train || 'pictures' in test)
    throw new PackError(`${train.name}: expected photographs, got pictures of one size`);
  if (store.put === undefined)
    throw new PackError(
      `${store.title}: expected a place that takes files, a directory or s3://...`,
    );
  const summary = {
    side: options.side,
    classes: train.classes,
    parts: {
      train: await packPart(train, { part: 'train', store, options }),
      test: await packPart(test, { part: 'test', store, options }),
    },
  };
  await FORMS[options.format].finish(store, summary, options.signal);
  return summary;
}

interface Packing {
  readonly part: PartName;
  readonly store: Store;
  readonly options: PackOptions;
}

async function packPart(set: Photographs, { part, store, options }: Packing) {
  const { format, shardPictures, seed, signal } = options;
  const order = packedOrder(set, Random.fromSeed(seed).split(`pack ${part}`));
  const readFrom = sequentialReader(set, order, options.stores);
  const identity = identityOf(set, options);
  const target: PackTarget = { store, identity, classes: set.classes, signal };
  const shrink = await openShrinker(options);
  const of = Math.ceil(order.length / shardPictures);
  const records: ShardRecord[] = [];
  for (let number = 0; number < of; number++) {
    signal?.throwIfAborted();
    const shard: ShardPlace = { part, number, of };
    const first = number * shardPictures;
    const before = await FORMS[format].find(target, shard);
    const make = () =>
      shrinkShard(set, order.subarray(first, first + shardPictures), {
        ...options,
        ...{ next: readFrom(first), first, shrink },
      });
    const record =
      before ?? (await FORMS[format].write(target, shard, checked(shard, await make())));
    records.push(record);
    const { entry, leftOut } = record;
    const [shards, isThere] = [number + 1, before !== undefined];
    options.onProgress?.({ part, shards, of, pictures: entry.pictures, isThere, leftOut });
  }
  return totalOf(records);
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

/** A whole shard without a picture is more than a few bad ones: something is wrong with the place or the program. */
function checked({ part, number }: ShardPlace, contents: ShardContents): ShardContents {
  const { pictures, leftOut } = contents;
  if (pictures.length > 0) return contents;
  const [first] = leftOut;
  throw new PackError(
    `${part} shard ${number}: expected pictures, got none: all ${leftOut.length} were left out, the first, ${first?.picture}, for "${first?.reason}". ` +
      'Look whether they are whole, and pack again: it goes on here.',
  );
}

/** The same pictures packed in the same way have the same. */
function identityOf(set: Photographs, options: PackOptions): string {
  const { side, quality, seed, shardPictures, format } = options;
  const { place, classes, labels, files } = set;
  const of = (array: Uint8Array | Int32Array) =>
    sha256Of(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const how = {
    ...{ side, quality, seed, shardPictures },
    ...(isInBlocks(set) ? { by: 'blocks' } : {}),
    ...(format === 'webdataset' ? {} : { format }),
  };
  return sha256Of(
    JSON.stringify({ ...how, place, classes, labels: of(labels), files: of(files.bytes) }),
  );
}

function totalOf(records: readonly ShardRecord[]): PackSummary['parts']['train'] {
  const kinds = { leftOut: 0, grey: 0, cmyk: 0 };
  for (const record of records)
    for (const kind of Object.keys(kinds) as (keyof Kinds)[]) kinds[kind] += record.kinds[kind];
  const shards = records.map(({ entry }) => entry);
  return { pictures: shards.reduce((sum, shard) => sum + shard.pictures, 0), kinds, shards };
}
