// Packed into tar archives as WebDataset has them, NUMBER.jpg and NUMBER.cls a picture, each with an index in JSON beside it, and a manifest.
import { crc32 } from 'node:zlib';
import { TAR_BLOCK, tarPadded, writeTarHeader } from '../formats/index.ts';
import { StoreError } from '../stores/index.ts';
import {
  otherShard,
  type PackForm,
  type PackTarget,
  type PartName,
  type ShardContents,
  type ShardPlace,
  type ShardRecord,
} from './form.ts';
import { MANIFEST, PackManifest, ShardIndex, sha256Of } from './manifest.ts';

/** As files of the parts are named: readers know validation pictures by it. */
const PREFIX: Readonly<Record<PartName, string>> = { train: 'train', test: 'val' };

/** Of its archive and its index. */
const stemOf = ({ part, number }: ShardPlace): string =>
  `${PREFIX[part]}-${String(number).padStart(6, '0')}`;

export const tarForm: PackForm = {
  async find(target, shard) {
    const index = await indexThere(target, `${stemOf(shard)}.json`);
    return index && recordOf(stemOf(shard), index);
  },

  // The index after its archive: it says that the archive is whole.
  async write({ store, identity, signal }, shard, contents) {
    const stem = stemOf(shard);
    const { tar, index } = archiveOf(identity, contents);
    await store.put?.(`${stem}.tar`, tar, signal);
    await store.put?.(`${stem}.json`, encoded(index), signal);
    return recordOf(stem, index);
  },

  async finish(store, summary, signal) {
    const manifest = PackManifest.parse({ kind: 'bionas-pack', version: 1, ...summary });
    await store.put?.(MANIFEST, encoded(manifest), signal);
  },
};

async function indexThere(
  { store, identity, signal }: PackTarget,
  name: string,
): Promise<ShardIndex | undefined> {
  try {
    const text = Buffer.from(await store.get(name, { signal })).toString();
    const index = ShardIndex.parse(JSON.parse(text));
    if (index.identity === identity) return index;
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'missing') return undefined;
    if (error instanceof StoreError) throw error;
    signal?.throwIfAborted();
  }
  throw otherShard(store.title + name);
}

function recordOf(stem: string, index: ShardIndex): ShardRecord {
  const { bytes, sha256, kinds, leftOut } = index;
  const sums = { sha256, indexSha256: sha256Of(encoded(index)) };
  const about = { name: `${stem}.tar`, index: `${stem}.json`, pictures: index.labels.length };
  return { entry: { ...about, bytes, ...sums }, kinds, leftOut };
}

function archiveOf(
  identity: string,
  { pictures, kinds, leftOut }: ShardContents,
): { readonly tar: Uint8Array; readonly index: ShardIndex } {
  const places = { from: [], length: [], labels: [], sums: [] };
  const index: ShardIndex = {
    ...{ identity, bytes: 0, sha256: '', ...places, kinds },
    leftOut: [...leftOut],
  };
  const parts: Uint8Array[] = [];
  for (const { key, bytes, label } of pictures) {
    index.from.push(index.bytes + TAR_BLOCK);
    index.length.push(bytes.length);
    index.labels.push(label);
    index.sums.push(crc32(bytes));
    const entries = [
      ...entryOf(`${key}.jpg`, bytes),
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

const encoded = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
