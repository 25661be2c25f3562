// CIFAR-10 (Krizhevsky 2009), binary version: 50,000 + 10,000 pictures, 32 x 32 colour, 10 classes.
// Means and deviations are those of NAS-Bench-201, which the paper's tables compare with.
import { httpArchive } from '../sources/index.ts';
import {
  archiveMembers,
  CIFAR_BASE,
  CIFAR_PICTURES,
  readCifarDataset,
  type SizedFile,
} from './cifar-dataset.ts';
import type { CatalogEntry } from './entry.ts';

const name = 'cifar10';
const classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

const BATCH_BYTES = 30_730_000;
const train = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const test = ['test_batch.bin'];

const files: readonly SizedFile[] = [...train, ...test].map((file) => ({
  name: file,
  bytes: BATCH_BYTES,
  packable: false,
  optional: train.indexOf(file) > 0,
}));

export const cifar10: CatalogEntry = {
  name,
  classes: classes.length,
  classNames: classes,
  statistics: {
    mean: [125.3 / 255, 123.0 / 255, 113.9 / 255],
    std: [63.0 / 255, 62.1 / 255, 66.7 / 255],
  },
  ...CIFAR_PICTURES,
  files,
  sources: [
    httpArchive({
      base: CIFAR_BASE,
      archive: 'cifar-10-binary.tar.gz',
      checksum: { algorithm: 'md5', value: 'c32a1d4ab5d03f1284b67883e8d87530' },
      members: archiveMembers(files),
    }),
  ],
  read: readCifarDataset({ name, classes }, { train, test }, { labelBytes: 1, labelAt: 0 }),
};
