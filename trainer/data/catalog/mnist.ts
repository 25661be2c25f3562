// MNIST (LeCun, Cortes & Burges): 60,000 + 10,000 handwritten digits, 28 x 28 grey.
// The authors' own address no longer serves the files; these two mirrors carry the same bytes.
import { httpFiles } from '../sources/index.ts';
import type { CatalogEntry } from './entry.ts';
import {
  IDX_PICTURES,
  idxFiles,
  type PackedMd5,
  packedFiles,
  readIdxDataset,
} from './idx-dataset.ts';

const name = 'mnist';
const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

const PACKED: PackedMd5 = {
  'train-images-idx3-ubyte': 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
  'train-labels-idx1-ubyte': 'd53e105ee54ea40749a09fcbcd1e9432',
  't10k-images-idx3-ubyte': '9fb629c4189551a2d022fa330f9573f3',
  't10k-labels-idx1-ubyte': 'ec29112dd5afa0611ce80d1b7f02629c',
};

export const mnist: CatalogEntry = {
  name,
  classes: classes.length,
  classNames: classes,
  statistics: { mean: [0.1307], std: [0.3081] },
  ...IDX_PICTURES,
  files: idxFiles(PACKED),
  sources: [
    httpFiles({
      base: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
      files: packedFiles(PACKED),
    }),
    httpFiles({
      base: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
      files: packedFiles(PACKED),
    }),
  ],
  read: readIdxDataset({ name, classes }),
};
