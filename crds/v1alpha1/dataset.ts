// Which pictures a trial learns from, and how they are divided.
import { z } from 'zod';
import type { ValidationRule } from '../structural-schema.ts';

export const DATASETS = [
  'fashion-mnist',
  'mnist',
  'cifar10',
  'cifar100',
  'imagenet16-120',
  'imagenet',
] as const;
export const DatasetName = z.enum(DATASETS);
export type DatasetName = z.infer<typeof DatasetName>;

/** Pictures of the official training parts. */
const TRAINING_PICTURES: Readonly<Record<DatasetName, number>> = {
  'fashion-mnist': 60_000,
  mnist: 60_000,
  cifar10: 50_000,
  cifar100: 50_000,
  'imagenet16-120': 151_700,
  imagenet: 1_281_167,
};

const DatasetFields = z.object({
  name: DatasetName.describe('The data set.'),
  path: z
    .string()
    .max(1024)
    .optional()
    .describe(
      'Where the pictures lie: a directory, https://HOST/..., http://HOST/... or s3://BUCKET/PREFIX. Default: the cache that `bionas data fetch` fills.',
    ),
  classes: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .describe(
      'Of imagenet: class folders of the directory, where it is a part of ImageNet. Default: the whole is expected, 1,000 classes and all pictures.',
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

export const Dataset = DatasetFields.meta({
  'x-kubernetes-validations': [
    {
      rule: "self.name == 'imagenet' || !has(self.classes)",
      message: 'only imagenet may have fewer classes than it was published with',
      fieldPath: '.classes',
    },
    {
      rule: `!has(self.path) || !self.path.contains('://') || self.path.matches('^(https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[^?#]*)?|s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/.*)?)$')`,
      message:
        'path must be a directory, https://HOST/..., http://HOST/... (without user, query or fragment) or s3://BUCKET/PREFIX',
      fieldPath: '.path',
    },
  ],
});
export type Dataset = z.infer<typeof Dataset>;

const IMAGENET_CLASSES = 1000;

/** Pictures of its training part, those held out included; of a part of ImageNet about as many as its classes have on average. */
const trainingPictures = ({ name, classes = IMAGENET_CLASSES }: Dataset): number =>
  Math.round((TRAINING_PICTURES[name] * classes) / IMAGENET_CLASSES);

/** Pictures of a final trial over those of a search trial. */
export function finalPicturesRatio(dataset: Dataset): number {
  const all = trainingPictures(dataset);
  return all / (dataset.trainPictures ?? all - dataset.validationPictures);
}

/** Of an object with a data set beside its recipe. Pictures of one size are not cropped to be resized. */
export const resizedCropRule = (field: string, isThere = 'true'): ValidationRule => ({
  rule: `self.dataset.name == 'imagenet' || !(${isThere}) || self.${field}.resizedCrop == 0.0`,
  message: 'resizedCrop is for pictures of many sizes: those of imagenet',
  fieldPath: `.${field}.resizedCrop`,
});

/** The same, of colours that grey pictures have not. */
export const colorJitterRule = (field: string, isThere = 'true'): ValidationRule => ({
  rule: `!(self.dataset.name in ['mnist', 'fashion-mnist']) || !(${isThere}) || !has(self.${field}.colorJitter)`,
  message: 'colorJitter is for pictures in colour: not those of mnist and fashion-mnist',
  fieldPath: `.${field}.colorJitter`,
});
