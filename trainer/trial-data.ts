// A trial's pictures: which part trains, which part scores, and in which batches.
// Search trials score on held-out training pictures; final trials train on all of them and score on the test part.
import type { TrialSpec } from '../crds/index.ts';
import {
  type BatchStream,
  batchCount,
  type DatasetPart,
  evaluationEpoch,
  type LoadedDataset,
  loadDataset,
  pictureCount,
  placesOf,
  type StoreSettings,
  splitTraining,
  trainingEpoch,
} from './data/index.ts';
import {
  EVALUATION_BATCH,
  halvesOf,
  type OpenedData,
  type TrainingData,
} from './training/index.ts';
import type { Worker } from './worker.ts';

export interface TrialDataOptions {
  /** Directory of all cached data sets. */
  readonly cacheDir: string;
  /** Batches are prepared there; closed with the data. */
  readonly stream: BatchStream;
  /** Of the places that `path` of a data set may name. */
  readonly stores?: StoreSettings;
}

interface Part {
  readonly set: DatasetPart;
  readonly indices: Int32Array | undefined;
}

interface Parts {
  readonly training: Part;
  /** Of a supernet: what decides on its architecture. */
  readonly architecture?: Part;
  readonly scoring: Part;
}

function partsOf({ dataset, purpose, kind }: TrialSpec, { train, test }: LoadedDataset): Parts {
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
  const scoring = { set: train, indices: split.validation };
  if (kind === 'Train') return { training: { set: train, indices: split.train }, scoring };
  const { weights, architecture } = halvesOf(split.train);
  return {
    training: { set: train, indices: weights },
    architecture: { set: train, indices: architecture },
    scoring,
  };
}

function partOfPictures({ set, indices }: Part, share: Worker): Part {
  const all = indices ?? Int32Array.from({ length: pictureCount(set) }, (_, i) => i);
  const { first, end } = placesOf(all.length, share);
  return { set, indices: all.subarray(first, end) };
}

export async function openTrialData(
  spec: TrialSpec,
  { cacheDir, stream, stores }: TrialDataOptions,
): Promise<OpenedData> {
  const loaded = await loadDataset(spec.dataset, { cacheDir, stores });
  const { training, architecture, scoring } = partsOf(spec, loaded);
  const { batchSize, augmentation } = spec.training;
  const epochPlan = ({ set, indices }: Part, epoch: number, firstBatch: number, share?: Worker) =>
    trainingEpoch(set, indices, {
      batchSize,
      seed: spec.seed,
      epoch,
      augmentation,
      lastBatch: 'drop',
      firstBatch,
      share,
    });
  const asTheyAre = ({ set, indices }: Part, most?: number) =>
    stream.batches(
      evaluationEpoch(set, indices?.subarray(0, most), { batchSize: EVALUATION_BATCH }),
    );
  const data: TrainingData = {
    stepsPerEpoch: batchCount(epochPlan(training, 0, 0)),
    training: (epoch, from, part) => stream.batches(epochPlan(training, epoch, from, part)),
    ...(architecture === undefined
      ? {}
      : {
          otherHalf: {
            batches: (epoch: number, from: number) =>
              stream.batches(epochPlan(architecture, epoch, from)),
            asTheyAre: (pictures: number) => asTheyAre(architecture, pictures),
          },
        }),
    evaluation: (part) => asTheyAre(part === undefined ? scoring : partOfPictures(scoring, part)),
  };
  const { height, width, channels, classes } = loaded.train;
  return {
    task: { height, width, channels, classes: classes.length },
    classes,
    statistics: { mean: loaded.statistics.mean, deviation: loaded.statistics.std },
    data,
    close: () => stream.close(),
  };
}
