// Pictures of noise in a data set's shape, so that steps can be taken where the data set is not.
import type { DatasetName, TrialSpec } from '../../crds/index.ts';
import { CATALOG } from '../data/index.ts';
import { Random } from '../random.ts';
import type { Batch, OpenedData } from '../training/index.ts';

type Size = readonly [height: number, width: number, channels: number];

const SIZES: Readonly<Record<DatasetName, Size>> = {
  mnist: [28, 28, 1],
  'fashion-mnist': [28, 28, 1],
  cifar10: [32, 32, 3],
  cifar100: [32, 32, 3],
};

/** Uniform bytes and labels from the trial's seed, normalised by the data set's own statistics; every epoch has the same batches. */
export function syntheticData(
  { dataset, training, seed }: TrialSpec,
  stepsPerEpoch = 1,
): OpenedData {
  const [height, width, channels] = SIZES[dataset.name];
  const { classes, statistics } = CATALOG[dataset.name];
  const { batchSize, augmentation } = training;
  const draw = (random: Random): Batch => {
    const bytes = (length: number, below: number) =>
      Uint8Array.from({ length }, () => random.int(below));
    return {
      pictures: bytes(batchSize * height * width * channels, 256),
      labels: Int32Array.from({ length: batchSize }, () => random.int(classes.length)),
      ...(augmentation.cutout > 0 ? { keep: bytes(batchSize * height * width, 2) } : {}),
    };
  };
  const batches = async function* () {
    const random = Random.fromSeed(seed).split('synthetic');
    for (let step = 0; step < stepsPerEpoch; step++) yield draw(random);
  };
  return {
    task: { height, width, channels, classes: classes.length },
    statistics: { mean: statistics.mean, deviation: statistics.std },
    data: { stepsPerEpoch, training: batches, evaluation: batches },
    close: async () => undefined,
  };
}
