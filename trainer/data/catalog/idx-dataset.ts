// What MNIST and Fashion-MNIST share: four IDX files of 28 x 28 grey pictures in ten classes.
import type { PictureSet } from '../dataset.ts';
import { FormatError, readIdxLabels, readIdxPictures } from '../formats/index.ts';
import type { Checksum } from '../sources/index.ts';
import {
  type FoundFile,
  type FoundFiles,
  fileIn,
  type NamedClasses,
  type ReadOptions,
  type StandardFile,
} from './entry.ts';

/** Size and number of the pictures. */
export const IDX_PICTURES = {
  size: { height: 28, width: 28, channels: 1 },
  counts: { train: 60_000, test: 10_000 },
} as const;

/** Of pictures in a part, and bytes of one. */
const MOST = IDX_PICTURES.counts.train;
const AREA = IDX_PICTURES.size.height * IDX_PICTURES.size.width;

export const IDX_FILES = {
  trainPictures: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testPictures: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

type IdxFileName = (typeof IDX_FILES)[keyof typeof IDX_FILES];

/** md5 of the official `.gz`, by the name of the file. */
export type PackedMd5 = Readonly<Record<IdxFileName, string>>;
/** sha256 of the unpacked file, by its name. */
export type ContentSha256 = Readonly<Record<IdxFileName, string>>;

const BYTES: Readonly<Record<IdxFileName, number>> = {
  'train-images-idx3-ubyte': 47_040_016,
  'train-labels-idx1-ubyte': 60_008,
  't10k-images-idx3-ubyte': 7_840_016,
  't10k-labels-idx1-ubyte': 10_008,
};

export function idxFiles(packed: PackedMd5, content?: ContentSha256): StandardFile[] {
  return Object.values(IDX_FILES).map((name) => ({
    name,
    bytes: BYTES[name],
    packable: true,
    packed: { algorithm: 'md5', value: packed[name] },
    ...(content ? { content: { algorithm: 'sha256', value: content[name] } as const } : {}),
  }));
}

/** The same files as an official site serves them. */
export function packedFiles(packed: PackedMd5): { name: string; checksum: Checksum }[] {
  return Object.values(IDX_FILES).map((name) => ({
    name: `${name}.gz`,
    checksum: { algorithm: 'md5', value: packed[name] },
  }));
}

export function readIdxDataset(entry: NamedClasses) {
  return async (files: FoundFiles, { signal }: ReadOptions) => {
    const part = async (name: string, pictures: IdxFileName, labels: IdxFileName) =>
      readPart(
        { name: `${entry.name} ${name}`, classes: entry.classes },
        [fileIn(files, pictures), fileIn(files, labels)],
        signal,
      );
    return {
      train: await part('train', IDX_FILES.trainPictures, IDX_FILES.trainLabels),
      test: await part('test', IDX_FILES.testPictures, IDX_FILES.testLabels),
    };
  };
}

async function readPart(
  set: Pick<PictureSet, 'name' | 'classes'>,
  [picturesFile, labelsFile]: readonly [FoundFile, FoundFile],
  signal?: AbortSignal,
): Promise<PictureSet> {
  const read = await readIdxPictures(await picturesFile.open(signal), MOST * AREA);
  const { length: classes } = set.classes;
  const labels = await readIdxLabels(await labelsFile.open(signal), { classes, most: MOST });
  if (labels.length !== read.count) {
    throw new FormatError(labelsFile.path, {
      expected: `${read.count} labels, one for each picture of ${picturesFile.path}`,
      got: `${labels.length}`,
    });
  }
  const { pictures, height, width } = read;
  return { ...set, pictures, labels, height, width, channels: 1 };
}
