// Which pictures a trial learns from, and how they are divided.
import { z } from 'zod';

export const DATASETS = [
  'fashion-mnist',
  'mnist',
  'cifar10',
  'cifar100',
  'imagenet16-120',
] as const;
export const DatasetName = z.enum(DATASETS);
export type DatasetName = z.infer<typeof DatasetName>;

/** Pictures of the official training parts. */
export const TRAINING_PICTURES: Readonly<Record<DatasetName, number>> = {
  'fashion-mnist': 60_000,
  mnist: 60_000,
  cifar10: 50_000,
  cifar100: 50_000,
  'imagenet16-120': 151_700,
};

export const Dataset = z.object({
  name: DatasetName.describe('The data set.'),
  path: z
    .string()
    .max(1024)
    .optional()
    .describe(
      'Directory with the standard files. Default: the cache that `bionas data fetch` fills.',
    ),
  trainPictures: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('Training pictures of a search trial. Default: all that validation leaves.'),
  validationPictures: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(5000)
    .describe(
      'Pictures held out of the training part to score search trials. Test pictures never score a search.',
    ),
  splitSeed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .describe('Seed of the division into training and validation, the same for all trials.'),
});
export type Dataset = z.infer<typeof Dataset>;
