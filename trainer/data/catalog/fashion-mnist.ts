// Fashion-MNIST (Xiao, Rasul & Vollgraf 2017, 1708.07747): 60,000 + 10,000 pictures, 28 x 28 grey, 10 classes. MIT.
import { debianPackage, httpFiles } from '../sources/index.ts';
import type { CatalogEntry } from './entry.ts';
import {
  type ContentSha256,
  IDX_FILES,
  IDX_PICTURES,
  idxFiles,
  type PackedMd5,
  packedFiles,
  readIdxDataset,
} from './idx-dataset.ts';

const name = 'fashion-mnist';
const classes = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

const PACKED: PackedMd5 = {
  'train-images-idx3-ubyte': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
  'train-labels-idx1-ubyte': '25c81989df183df01b3e8a0aad5dffbe',
  't10k-images-idx3-ubyte': 'bef4ecab320f06d8554ea6380940ec79',
  't10k-labels-idx1-ubyte': 'bb300cfdad3c16e7a12a480ee83cd310',
};

// Debian packs the files again, so its .gz differ from the official ones and their content does not.
const CONTENT: ContentSha256 = {
  'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
};

export const fashionMnist: CatalogEntry = {
  name,
  classes: classes.length,
  classNames: classes,
  statistics: { mean: [0.286], std: [0.353] },
  ...IDX_PICTURES,
  files: idxFiles(PACKED, CONTENT),
  sources: [
    httpFiles({
      base: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      files: packedFiles(PACKED),
    }),
    debianPackage({
      package: 'dataset-fashion-mnist',
      folder: 'usr/share/datasets/fashion-mnist',
      files: Object.values(IDX_FILES).map((file) => `${file}.gz`),
    }),
  ],
  read: readIdxDataset({ name, classes }),
};
