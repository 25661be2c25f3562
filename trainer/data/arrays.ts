// Small pictures as NumPy's arrays, in the place of a data set's standard files: train.npz and test.npz (or val.npz) with `images` and
// `labels`, or train-images.npy, train-labels.npy and so on. images: N x height x width (x channels), uint8; labels: N whole numbers.
import type { CatalogEntry, DatasetParts } from './catalog/index.ts';
import { type PictureSet, sharedBytes, sharedLabels } from './dataset.ts';
import { FormatError, type NpyArray, readNpy, readNpz } from './formats/index.ts';
import type { Store } from './stores/index.ts';

type Entry = Pick<CatalogEntry, 'name' | 'classNames' | 'size' | 'counts'>;

/** Undefined where there are no such files. Throws FormatError. */
export async function readArrays(
  entry: Entry,
  store: Store,
  signal?: AbortSignal,
): Promise<DatasetParts | undefined> {
  const train = await partOf(entry, store, { of: 'train', signal });
  const test =
    (await partOf(entry, store, { of: 'test', signal })) ??
    (await partOf(entry, store, { of: 'val', signal }));
  if (train === undefined || test === undefined) return undefined;
  return { train, test: { ...test, name: `${entry.name} test` } };
}

interface Part {
  readonly of: string;
  readonly signal: AbortSignal | undefined;
}

async function partOf(
  entry: Entry,
  store: Store,
  { of, signal }: Part,
): Promise<PictureSet | undefined> {
  const get = async (name: string) =>
    (await store.size(name, signal)) === undefined ? undefined : store.get(name, { signal });
  const packed = await get(`${of}.npz`);
  if (packed !== undefined) {
    const path = `${store.title}${of}.npz`;
    const arrays = readNpz(path, packed, { names: ['images', 'labels'], most: mostBytes(entry) });
    return setOf(entry, { path, of, images: arrays.get('images'), labels: arrays.get('labels') });
  }
  const [images, labels] = [`${of}-images.npy`, `${of}-labels.npy`];
  const [pictures, numbers] = [await get(images), await get(labels)];
  if (pictures === undefined || numbers === undefined) return undefined;
  return setOf(entry, {
    path: store.title + images,
    of,
    images: readNpy(store.title + images, pictures),
    labels: readNpy(store.title + labels, numbers),
  });
}

/** Pictures, and labels of at most eight bytes, of twice as many as the data set has. */
const mostBytes = ({ size, counts }: Entry): number =>
  2 * counts.train * (size.height * size.width * size.channels + 8) + 4096;

interface Arrays {
  readonly path: string;
  readonly of: string;
  readonly images: NpyArray | undefined;
  readonly labels: NpyArray | undefined;
}

function setOf(entry: Entry, { path, of, images, labels }: Arrays): PictureSet {
  const { size, classNames: classes = [] } = entry;
  const { height, width, channels } = size;
  const sides = [height, width, channels];
  const got = (array: NpyArray | undefined) =>
    array ? `shape ${array.shape.join(' x ')}` : 'none';
  const [count = 0, ...shape] = images?.shape ?? [];
  const isShape =
    shape.join() === sides.join() || (channels === 1 && `${shape},1` === sides.join());
  if (!(images?.values instanceof Uint8Array) || !isShape || count < 1)
    throw new FormatError(path, {
      expected: `images, uint8, N x ${sides.join(' x ')}`,
      got: got(images),
    });
  if (labels === undefined || labels.shape.join() !== `${count}`)
    throw new FormatError(path, { expected: `labels of shape ${count}`, got: got(labels) });
  const bad = labels.values.findIndex((label) => !(label >= 0 && label < classes.length));
  if (bad >= 0)
    throw new FormatError(path, {
      expected: `labels from 0 to ${classes.length - 1}`,
      got: `${labels.values[bad]} at entry ${bad}`,
    });
  const set = { pictures: sharedBytes(images.values.length), labels: sharedLabels(count) };
  set.pictures.set(images.values);
  set.labels.set(labels.values);
  return { name: `${entry.name} ${of}`, ...set, ...size, classes };
}
