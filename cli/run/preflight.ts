// What every trial of a search will need, looked at before the first one starts: a missing library or data set would
// else fail one trial after the other, until the search is lost.
import type { BioNASSearchSpec } from '../../crds/index.ts';
import { loadDataset, pictureCount, splitTraining } from '../../trainer/data/index.ts';

export interface PreflightIo {
  /** Directory of data sets and libraries. */
  readonly cache: string;
  /** Throws where the executor's library is not installed. */
  readonly requireLibrary: () => void;
}

/** The data set is there and too small for the recipe. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
}

/** @throws PreflightError, and the errors of library, data set, format and split, each saying what to do */
export async function preflight(
  { dataset, training }: Pick<BioNASSearchSpec, 'dataset' | 'training'>,
  { cache, requireLibrary }: PreflightIo,
): Promise<void> {
  requireLibrary();
  const { name, path, validationPictures, trainPictures, splitSeed } = dataset;
  const source = path === undefined ? { name } : { name, path };
  const { train } = await loadDataset(source, { cacheDir: `${cache}/datasets` });
  const split = splitTraining(pictureCount(train), {
    validationPictures,
    seed: splitSeed,
    ...(trainPictures === undefined ? {} : { trainPictures }),
  });
  if (split.train.length >= training.batchSize) return;
  throw new PreflightError(
    `spec.training.batchSize: expected at most the ${split.train.length} training pictures of a trial, ` +
      `got ${training.batchSize}; lower it or raise spec.dataset.trainPictures`,
  );
}
