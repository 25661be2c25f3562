// A trial's pictures: which part trains, which part scores, and in which batches.
// Search trials score on held-out training pictures; final trials train on all of them and score on the test part.
import type { TrialSpec } from '../crds/index.ts';
import {
  type BatchStream,
  batchCount,
  evaluationEpoch,
  type LoadedDataset,
  loadDataset,
  type PictureSet,
  pictureCount,
  splitTraining,
  trainingEpoch,
} from './data/index.ts';
import { EVALUATION_BATCH, type OpenedData, type TrainingData } from './training/index.ts';

export interface TrialDataOptions {
  /** Directory of all cached data sets. */
  readonly cacheDir: string;
  /** Batches are prepared there; closed with the data. */
  readonly stream: BatchStream;
}

interface Part {
  readonly set: PictureSet;
  readonly indices: Int32Array | undefined;
}

function partsOf(
  { dataset, purpose }: TrialSpec,
  { train, test }: LoadedDataset,
): { training: Part; scoring: Part } {
  if (purpose === 'Final')
    return {
      training: { set: train, indices: undefined },
      scoring: { set: test, indices: undefined },
    };
  const { validationPictures, trainPictures, splitSeed } = dataset;
  const split = splitTraining(pictureCount(train), {
    validationPictures,
    seed: splitSeed,
    ...(trainPictures === undefined ? {} : { trainPictures }),
  });
  return {
    training: { set: train, indices: split.train },
    scoring: { set: train, indices: split.validation },
  };
}

export async function openTrialData(
  spec: TrialSpec,
  { cacheDir, stream }: TrialDataOptions,
): Promise<OpenedData> {
  const { name, path } = spec.dataset;
  const loaded = await loadDataset({ name, ...(path === undefined ? {} : { path }) }, { cacheDir });
  const { training, scoring } = partsOf(spec, loaded);
  const { batchSize, augmentation } = spec.training;
  const epochPlan = (epoch: number, firstBatch: number) =>
    trainingEpoch(training.set, training.indices, {
      batchSize,
      seed: spec.seed,
      epoch,
      augmentation,
      lastBatch: 'drop',
      firstBatch,
    });
  const data: TrainingData = {
    stepsPerEpoch: batchCount(epochPlan(0, 0)),
    training: (epoch, from) => stream.batches(epochPlan(epoch, from)),
    evaluation: () =>
      stream.batches(
        evaluationEpoch(scoring.set, scoring.indices, { batchSize: EVALUATION_BATCH }),
      ),
  };
  const { height, width, channels, classes } = loaded.train;
  return {
    task: { height, width, channels, classes: classes.length },
    statistics: { mean: loaded.statistics.mean, deviation: loaded.statistics.std },
    data,
    close: () => stream.close(),
  };
}
