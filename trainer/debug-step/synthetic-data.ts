// Pictures of noise in a data set's shape, so that steps can be taken where the data set is not.
import type { TrialSpec } from '../../crds/index.ts';
import { CATALOG } from '../data/index.ts';
import { Random } from '../random.ts';
import type { Batch, OpenedData } from '../training/index.ts';

/** Uniform bytes and labels from the trial's seed, normalised by the data set's own statistics; every epoch has the same batches. */
export function syntheticData(
  { dataset, training, seed }: TrialSpec,
  stepsPerEpoch = 1,
): OpenedData {
  const { statistics, size, ...entry } = CATALOG[dataset.name];
  const classes = dataset.classes ?? entry.classes;
  const { height, width, channels } = size;
  const { batchSize, augmentation } = training;
  const draw = (random: Random): Batch => {
    const bytes = (length: number, below: number) =>
      Uint8Array.from({ length }, () => random.int(below));
    return {
      pictures: bytes(batchSize * height * width * channels, 256),
      labels: Int32Array.from({ length: batchSize }, () => random.int(classes)),
      ...(augmentation.cutout > 0 ? { keep: bytes(batchSize * height * width, 2) } : {}),
    };
  };
  const batches = async function* () {
    const random = Random.fromSeed(seed).split('synthetic');
    for (let step = 0; step < stepsPerEpoch; step++) yield draw(random);
  };
  return {
    task: { ...size, classes },
    classes: Array.from({ length: classes }, (_, label) => `${label}`),
    statistics: { mean: statistics.mean, deviation: statistics.std },
    data: { stepsPerEpoch, training: batches, evaluation: batches },
    close: async () => undefined,
  };
}
