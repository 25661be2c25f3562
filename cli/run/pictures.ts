// How many pictures a search trial and a final trial pass, as their data is opened.
import { type BioNASSearchSpec, type Dataset, SUPERNET_ALGORITHMS } from '../../crds/index.ts';
import {
  loadDataset,
  pictureCount,
  splitTraining,
  storeSettings,
} from '../../trainer/data/index.ts';
import type { Task } from '../../trainer/network/index.ts';

/** Of an epoch, and of an evaluation. */
export interface Pictures {
  readonly training: number;
  readonly scoring: number;
}

export interface PicturesOfSearch {
  readonly task: Task;
  readonly search: Pictures;
  readonly final: Pictures;
}

/** @throws the errors of data set, format and split, each saying what to do */
export async function picturesOf(
  { dataset, algorithm }: Pick<BioNASSearchSpec, 'dataset' | 'algorithm'>,
  { cache, env }: { readonly cache: string; readonly env: Readonly<Record<string, string>> },
): Promise<PicturesOfSearch> {
  const { train, test } = await loadDataset(dataset, {
    cacheDir: `${cache}/datasets`,
    stores: storeSettings(env),
  });
  const { height, width, channels, classes } = train;
  const all = pictureCount(train);
  const learned = splitTraining(all, split(dataset)).train.length;
  return {
    task: { height, width, channels, classes: classes.length },
    search: {
      training: isHalved({ algorithm }) ? Math.floor(learned / 2) : learned,
      scoring: dataset.validationPictures,
    },
    final: { training: all, scoring: pictureCount(test) },
  };
}

/** A supernet learns its weights from half of the pictures. */
export const isHalved = ({ algorithm }: Pick<BioNASSearchSpec, 'algorithm'>): boolean =>
  SUPERNET_ALGORITHMS.includes(algorithm.name);

const split = ({ validationPictures, trainPictures, splitSeed: seed }: Dataset) => ({
  validationPictures,
  seed,
  ...(trainPictures === undefined ? {} : { trainPictures }),
});
