// Door of the trainer's data: pictures from disk to batches, and the fetching of data sets.
export type { AugmentationOptions } from './augmentation.ts';
export type { BatchStream } from './batch-stream.ts';
export { CATALOG, type CatalogEntry } from './catalog/index.ts';
export {
  type ChannelStatistics,
  type DatasetPart,
  type LoadedDataset,
  type PictureSet,
  pictureCount,
  sharePictures,
} from './dataset.ts';
export { datasetDirectory } from './directory.ts';
export {
  type Batch,
  batchCount,
  type EpochPlan,
  evaluationEpoch,
  type LastBatch,
  NO_PICTURE,
  type TrainingOptions,
  trainingEpoch,
} from './epoch.ts';
export {
  type FetchAttempt,
  FetchError,
  type FetchedDataset,
  type FetchOptions,
  fetchDataset,
} from './fetch.ts';
export { FormatError, readPickle } from './formats/index.ts';
export { createInThreadStream } from './in-thread.ts';
export { DatasetMissingError, type LoadOptions, loadDataset } from './load.ts';
export {
  checkShard,
  PACK_FORMATS,
  type PackProgress,
  type PackSummary,
  packPhotographs,
  readManifest,
} from './pack/index.ts';
export { createPrefetchStream, PrefetchError, type PrefetchOptions } from './prefetch.ts';
export { placesOf } from './share.ts';
export type { FetchPatience, FetchProgress } from './sources/index.ts';
export { type Split, SplitError, type SplitOptions, splitTraining } from './split.ts';
export {
  openStore,
  type Store,
  StoreError,
  type StoreSettings,
  storeSettings,
} from './stores/index.ts';
