// Door of photographs that stay where they lie: the ways they may lie there, and how they are found and read.
import type { PhotographFormatName } from '../dataset.ts';
import type { PhotographFormat } from './format.ts';
import { imageFolder } from './image-folder.ts';
import { parquet, readFooter } from './parquet.ts';
import { webDataset } from './webdataset.ts';

export { blockOf, blocksOf } from './blocks.ts';
export { nameAt, packNames } from './file-names.ts';
export { survey } from './find.ts';
export type { IndexedPhotographs, PartName, PhotographFormat, Survey } from './format.ts';
export { FolderError, fileOf } from './image-folder.ts';
export { readFooter };

export const FORMATS: Readonly<Record<PhotographFormatName, PhotographFormat>> = {
  'image-folder': imageFolder,
  webdataset: webDataset,
  parquet,
};
