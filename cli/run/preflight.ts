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
  /** Says how S3 is reached, and what executor is asked for. */
  readonly env: Readonly<Record<string, string>>;
  /** By name, empty for `auto`; throws where it is not installed. */
  readonly settleExecutor: (name: string) => { readonly reason?: string };
}

/** The data set is there and too small for the recipe. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
}

/**
 * @returns what the user should know of, in lines
 * @throws PreflightError, and the errors of executor, data set, format and split, each saying what to do
 */
export async function preflight(
  { dataset, training, algorithm }: Pick<BioNASSearchSpec, 'dataset' | 'training' | 'algorithm'>,
  { cache, env, settleExecutor }: PreflightIo,
): Promise<string[]> {
  const { reason } = settleExecutor(env['BIONAS_EXECUTOR'] ?? '');
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
  if (most >= training.batchSize) return reason === undefined ? [] : [reason];
  const why = halved ? ' (the other half is for the architecture)' : '';
  throw new PreflightError(
    `spec.training.batchSize: expected at most the ${most} training pictures of a trial${why}, ` +
      `got ${training.batchSize}; lower it or raise spec.dataset.trainPictures`,
  );
}
