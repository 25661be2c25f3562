// ImageNet (ILSVRC 2012; Russakovsky et al. 2015): 1,281,167 + 50,000 photographs, 1,000 classes, in folders train/CLASS and val/CLASS
// whose names are WordNet's (n01440764). Means and deviations are those that published recipes normalise by.
import type { Photographs } from '../dataset.ts';
import { indexPacked, MANIFEST, type PackManifest, readManifest } from '../pack/index.ts';
import { FORMATS, FolderError, type PartName, survey } from '../photographs/index.ts';
import { registered } from '../sources/index.ts';
import { type Store, StoreError } from '../stores/index.ts';
import type { CatalogEntry, PartCounts, ReadOptions } from './entry.ts';

const name = 'imagenet';
const size = { height: 224, width: 224, channels: 3 };
const counts: PartCounts = { train: 1_281_167, test: 50_000 };
const CLASSES = 1000;
const [TRAIN, VAL] = ['train', 'val'];

/** Without `classes` it has to be the whole of ImageNet. */
export async function readImagenet(
  store: Store,
  place: string,
  { classes: declared, signal }: ReadOptions,
): Promise<{ readonly train: Photographs; readonly test: Photographs }> {
  const manifest = await manifestIn(store, signal);
  if (manifest) return readPacked(store, place, { manifest, classes: declared, signal });
  const found = await survey(store, signal);
  const classes = declared ?? CLASSES;
  const [format, ...others] = Object.values(FORMATS).filter(
    (one) => one.sourcesOf(found, 'train').length > 0,
  );
  if (format === undefined) throw new NothingFoundError(store.title);
  if (others.length > 0)
    throw new FolderError(store.title, {
      expected: 'training pictures in one form',
      got: 'several: folders of classes, .tar, .parquet',
    });
  const part = async (of: PartName): Promise<Photographs> => {
    const sources = format.sourcesOf(found, of);
    if (sources.length === 0) throw new NothingFoundError(store.title);
    const indexed = await format.index(store, sources, { classes, signal });
    return { name: `${name} ${of}`, place, ...indexed, ...size };
  };
  const [train, test] = [await part('train'), await part('test')];
  if (declared === undefined && train.format === 'image-folder') checkNames(store, train);
  checkParts(store, { train, test }, classes);
  if (declared === undefined) {
    checkCount(store, train, counts.train);
    checkCount(store, test, counts.test);
  }
  return { train, test };
}

/** Undefined: the place is not packed. */
async function manifestIn(store: Store, signal?: AbortSignal): Promise<PackManifest | undefined> {
  try {
    return await readManifest(store, signal);
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'missing') return undefined;
    throw error;
  }
}

/** As `bionas data pack` left it. Pictures that were left out count as there. */
async function readPacked(
  store: Store,
  place: string,
  { manifest, ...options }: ReadOptions & { readonly manifest: PackManifest },
): Promise<Parts> {
  const { classes, parts } = manifest;
  const expected = options.classes ?? CLASSES;
  if (classes.length !== expected)
    throw new FolderError(store.title + MANIFEST, {
      expected: `${expected} classes`,
      got: `${classes.length}`,
    });
  const part = async (of: PartName): Promise<Photographs> => {
    const { pictures, kinds } = parts[of];
    if (options.classes === undefined && pictures + kinds.leftOut !== counts[of])
      throw new FolderError(store.title + MANIFEST, {
        expected: `${counts[of]} pictures, those left out included`,
        got: `${pictures + kinds.leftOut}`,
      });
    const indexed = await indexPacked(store, parts[of], { classes, signal: options.signal });
    return { name: `${name} ${of}`, place, ...indexed, ...size };
  };
  return { train: await part('train'), test: await part('test') };
}

/** Neither class folders nor shards. */
export class NothingFoundError extends Error {
  override readonly name = 'NothingFoundError';
}

function checkParts(store: Store, { train, test }: Parts, expected: number): void {
  if (train.format === 'image-folder') checkFolders(store, { train, test }, expected);
  const seen = new Set(train.labels).size;
  if (seen !== expected)
    throw new FolderError(store.title, {
      expected: `training pictures of ${expected} classes`,
      got: `of ${seen}`,
    });
  const differs = train.classes.some((name, label) => test.classes[label] !== name);
  if (differs || train.classes.length !== test.classes.length)
    throw new FolderError(store.title, {
      expected: 'the same classes in both parts',
      got: `${train.classes.length} and ${test.classes.length}, or others`,
    });
}

interface Parts {
  readonly train: Photographs;
  readonly test: Photographs;
}

const pathOf = (store: Store, { files }: Photographs): string => store.title + files.directory;

/** Of the whole of ImageNet; folders of fewer classes may be anybody's, by any names. */
function checkNames(store: Store, train: Photographs): void {
  const other = train.classes.find((folder) => !/^n\d{8}$/.test(folder));
  if (other === undefined) return;
  const expected = 'folders named as WordNet names its classes, such as n01440764';
  throw new FolderError(pathOf(store, train), { expected, got: other });
}

function checkFolders(store: Store, { train, test }: Parts, expected: number): void {
  const path = pathOf(store, train);
  if (train.classes.length !== expected)
    throw new FolderError(path, {
      expected: `${expected} class folders`,
      got: `${train.classes.length}`,
    });
  checkSameClasses(pathOf(store, test), test, train);
}

function checkSameClasses(path: string, { classes }: Photographs, train: Photographs): void {
  if (classes.length === 0) {
    throw new FolderError(path, {
      expected: 'its pictures in class folders, as those to train on',
      got: 'no folder',
    });
  }
  const lacks = train.classes.find((folder) => !classes.includes(folder));
  const other = classes.find((folder) => !train.classes.includes(folder));
  if (lacks === undefined && other === undefined) return;
  throw new FolderError(path, {
    expected: `the ${train.classes.length} class folders of ${train.files.directory}`,
    got: other === undefined ? `none named ${lacks}` : `one named ${other}`,
  });
}

function checkCount(store: Store, set: Photographs, expected: number): void {
  if (set.labels.length === expected) return;
  throw new FolderError(pathOf(store, set), {
    expected: `${expected} pictures`,
    got: `${set.labels.length}`,
  });
}

export const imagenet: CatalogEntry = {
  name,
  classes: CLASSES,
  statistics: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  size,
  counts,
  files: [TRAIN, VAL].map((folder) => ({ name: folder, packable: false, isFolder: true })),
  sources: [
    registered({
      address: 'https://image-net.org/challenges/LSVRC/2012/',
      byHand: (directory) =>
        `take ILSVRC 2012's pictures for training and validation from https://image-net.org/challenges/LSVRC/2012/, sort them into folders ${TRAIN}/CLASS and ${VAL}/CLASS, and put these into ${directory}`,
    }),
  ],
  readPlace: readImagenet,
};
