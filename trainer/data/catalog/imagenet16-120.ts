// ImageNet16-120: ImageNet at 16 x 16 (Chrabaszcz, Loshchilov & Hutter 2017, 1707.08819), its first 120 classes as NAS-Bench-201 has
// them (Dong & Yang 2020). The test part is all of ILSVRC's validation pictures, which NAS-Bench-201 halves at random.
import { dirname } from 'node:path';
import { type PictureSet, sharedBytes, sharedLabels } from '../dataset.ts';
import { type DownsampledPart, FormatError, readDownsampledImagenet } from '../formats/index.ts';
import { registered } from '../sources/index.ts';
import {
  type CatalogEntry,
  type FoundFile,
  type FoundFiles,
  fileIn,
  type PartCounts,
  type ReadOptions,
  type StandardFile,
} from './entry.ts';

const name = 'imagenet16-120';
const SIDE = 16;
const size = { height: SIDE, width: SIDE, channels: 3 };
const counts: PartCounts = { train: 151_700, test: 6_000 };
/** The files name no class: these are the numbers of ILSVRC's development kit. */
const classes = Array.from({ length: 120 }, (_, i) => `${i + 1}`);

// As NAS-Bench-201's authors publish them.
const MD5 = {
  train_data_batch_1: '27846dcaa50de8e21a7d1a35f30f0e91',
  train_data_batch_2: 'c7254a054e0e795c69120a5727050e3f',
  train_data_batch_3: '4333d3df2e5ffb114b05d2ffc19b1e87',
  train_data_batch_4: '1620cdf193304f4a92677b695d70d10f',
  train_data_batch_5: '348b3c2fdbb3940c4e9e834affd3b18d',
  train_data_batch_6: '6e765307c242a1b3d7d5ef9139b48945',
  train_data_batch_7: '564926d8cbf8fc4818ba23d2faac7564',
  train_data_batch_8: 'f4755871f718ccb653440b9dd0ebac66',
  train_data_batch_9: 'bb6dd660c38c58552125b1a92f86b5d4',
  train_data_batch_10: '8f03f34ac4b42271a294f91bf480f29b',
  val_data: '3410e3017fdaefba8d5073aaa65e4bd6',
};
const TEST = 'val_data';
const TRAIN = Object.keys(MD5).filter((file) => file !== TEST);

const files: readonly StandardFile[] = Object.entries(MD5).map(([file, value]) => ({
  name: file,
  packable: false,
  content: { algorithm: 'md5', value },
  optional: TRAIN.indexOf(file) > 0,
}));

/** All batches of one part, one after the other. */
async function readPart(
  part: keyof PartCounts,
  files: readonly FoundFile[],
  signal?: AbortSignal,
): Promise<PictureSet> {
  const read: DownsampledPart[] = [];
  for (const { open } of files) {
    const source = await open(signal);
    read.push(await readDownsampledImagenet(source, { side: SIDE, classes: classes.length }));
  }
  const pictures = sharedBytes(read.reduce((sum, batch) => sum + batch.pictures.length, 0));
  const labels = sharedLabels(read.reduce((sum, batch) => sum + batch.labels.length, 0));
  let first = 0;
  for (const batch of read) {
    pictures.set(batch.pictures, first * SIDE * SIDE * size.channels);
    labels.set(batch.labels, first);
    first += batch.labels.length;
  }
  return { name: `${name} ${part}`, pictures, labels, ...size, classes };
}

/** Where all ten training batches are, pictures are counted: fewer batches are a sample. */
export const readImagenet16 =
  (expected: PartCounts) =>
  async (found: FoundFiles, { signal }: ReadOptions) => {
    const batches = TRAIN.flatMap((file) => found.get(file) ?? []);
    const valid = fileIn(found, TEST);
    const train = await readPart('train', batches, signal);
    const test = await readPart('test', [valid], signal);
    const got = { train: train.labels.length, test: test.labels.length };
    const isWhole = batches.length === TRAIN.length;
    if (isWhole && (got.train !== expected.train || got.test !== expected.test)) {
      throw new FormatError(dirname(valid.path), {
        expected: `${expected.train} + ${expected.test} pictures of the first ${classes.length} classes`,
        got: `${got.train} + ${got.test}`,
      });
    }
    return { train, test };
  };

export const imagenet16: CatalogEntry = {
  name,
  classes: classes.length,
  classNames: classes,
  statistics: {
    mean: [122.68 / 255, 116.66 / 255, 104.01 / 255],
    std: [63.22 / 255, 61.26 / 255, 65.09 / 255],
  },
  size,
  counts,
  files,
  sources: [
    registered({
      address: 'https://image-net.org/download-images',
      byHand: (directory) =>
        `take the downsampled ImageNet of 16 x 16 (Imagenet16_train, Imagenet16_val) from https://image-net.org/download-images, put ${TRAIN[0]} to _10 and ${TEST} into ${directory}, and fetch again: they are then checked`,
    }),
  ],
  read: readImagenet16(counts),
};
