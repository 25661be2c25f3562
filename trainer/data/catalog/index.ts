// The data sets the trainer knows, and the door of this folder.
import type { DatasetName } from '../../../crds/index.ts';
import { cifar10 } from './cifar10.ts';
import { cifar100 } from './cifar100.ts';
import type { CatalogEntry } from './entry.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { imagenet } from './imagenet.ts';
import { imagenet16 } from './imagenet16-120.ts';
import { mnist } from './mnist.ts';

export type { CatalogEntry, DatasetParts, FoundFile, StandardFile } from './entry.ts';
export { NothingFoundError } from './imagenet.ts';

/** Every name of the contract has its entry; the compiler sees to it. */
export const CATALOG: Readonly<Record<DatasetName, CatalogEntry>> = {
  'fashion-mnist': fashionMnist,
  mnist,
  cifar10,
  cifar100,
  'imagenet16-120': imagenet16,
  imagenet,
};
