// What every trial of a search will need, looked at before the first one starts: a missing library or data set would
// else fail one trial after the other, until the search is lost.
import { type BioNASSearchSpec, SUPERNET_ALGORITHMS } from '../../crds/index.ts';
import {
  loadDataset,
  pictureCount,
  splitTraining,
  storeSettings,
} from '../../trainer/data/index.ts';

export interface PreflightIo {
  /** Directory of data sets and libraries. */
  readonly cache: string;
  /** Says how S3 is reached. */
  readonly env: Readonly<Record<string, string>>;
  /** Throws where the executor's library is not installed. */
  readonly requireLibrary: () => void;
}

/** The data set is there and too small for the recipe. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
}

/** @throws PreflightError, and the errors of library, data set, format and split, each saying what to do */
export async function preflight(
  { dataset, training, algorithm }: Pick<BioNASSearchSpec, 'dataset' | 'training' | 'algorithm'>,
  { cache, env, requireLibrary }: PreflightIo,
): Promise<void> {
  requireLibrary();
  const { validationPictures, trainPictures, splitSeed } = dataset;
  const { train } = await loadDataset(dataset, {
    cacheDir: `${cache}/datasets`,
    stores: storeSettings(env),
  });
  const split = splitTraining(pictureCount(train), {
    validationPictures,
    seed: splitSeed,
    ...(trainPictures === undefined ? {} : { trainPictures }),
  });
  const halved = SUPERNET_ALGORITHMS.includes(algorithm.name);
  const most = halved ? Math.floor(split.train.length / 2) : split.train.length;
  if (most >= training.batchSize) return;
  const why = halved ? ' (the other half is for the architecture)' : '';
  throw new PreflightError(
    `spec.training.batchSize: expected at most the ${most} training pictures of a trial${why}, ` +
      `got ${training.batchSize}; lower it or raise spec.dataset.trainPictures`,
  );
}
