// What every trial of a search will need, looked at before the first one starts: a missing library or data set would
// else fail one trial after the other, until the search is lost.
import { type BioNASSearchSpec, workersOf } from '../../crds/index.ts';
import { isHalved, type PicturesOfSearch, picturesOf } from './pictures.ts';

export interface PreflightIo {
  /** Directory of data sets and libraries. */
  readonly cache: string;
  /** Says how S3 is reached, and what executor is asked for. */
  readonly env: Readonly<Record<string, string>>;
  /** By name, empty for `auto`; throws where it is not installed, or cannot be that of so many workers. */
  readonly settleExecutor: (name: string, workers: number) => { readonly reason?: string };
}

/** The data set is there and too small for the recipe. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
}

type Looked = Pick<BioNASSearchSpec, 'dataset' | 'training' | 'algorithm' | 'trialTemplate'>;

/**
 * @returns what the user should know of, in lines
 * @throws PreflightError, and the errors of executor, data set, format and split, each saying what to do
 */
export const preflight = async (spec: Looked, io: PreflightIo): Promise<readonly string[]> =>
  (await lookAhead(spec, io)).notes;

/** As preflight, with the pictures that it counted. */
export async function lookAhead(
  spec: Looked,
  io: PreflightIo,
): Promise<{ readonly notes: readonly string[]; readonly pictures: PicturesOfSearch }> {
  const workers = workersOf(spec.trialTemplate);
  const { reason } = io.settleExecutor(io.env['BIONAS_EXECUTOR'] ?? '', workers);
  const pictures = await picturesOf(spec, io);
  const most = pictures.search.training;
  const { batchSize } = spec.training;
  if (most >= batchSize) return { notes: reason === undefined ? [] : [reason], pictures };
  const why = isHalved(spec) ? ' (the other half is for the architecture)' : '';
  throw new PreflightError(
    `spec.training.batchSize: expected at most the ${most} training pictures of a trial${why}, ` +
      `got ${batchSize}; lower it or raise spec.dataset.trainPictures`,
  );
}
