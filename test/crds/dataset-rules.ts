// The rules of data sets: each is met by one manifest and broken by another.
import type { RuleCase } from './robustness-rules.ts';

const resizedCrop = (share: number) => ({ training: { augmentation: { resizedCrop: share } } });
const CROP = 'resizedCrop is for pictures of many sizes: those of imagenet';

const JITTER: RuleCase = {
  good: { dataset: { name: 'cifar10' }, training: { augmentation: { colorJitter: { hue: 0.2 } } } },
  bad: { dataset: { name: 'mnist' }, training: { augmentation: { colorJitter: { hue: 0.2 } } } },
  path: 'spec.training.augmentation.colorJitter',
  message: 'colorJitter is for pictures in colour: not those of mnist and fashion-mnist',
};

/** Of the recipe that stands beside the data set. */
const RECIPE: RuleCase = {
  good: { dataset: { name: 'imagenet' }, ...resizedCrop(0.08) },
  bad: { dataset: { name: 'cifar10' }, ...resizedCrop(0.08) },
  path: 'spec.training.augmentation.resizedCrop',
  message: CROP,
};

const PLACE =
  'path must be a directory, https://HOST/..., http://HOST/... (without user, query or fragment) or s3://BUCKET/PREFIX';

const placed = (good: string, bad: string): RuleCase => ({
  good: { dataset: { name: 'imagenet', path: good } },
  bad: { dataset: { name: 'imagenet', path: bad } },
  path: 'spec.dataset.path',
  message: PLACE,
});

export const DATASET_SEARCH_CASES: readonly RuleCase[] = [
  placed('/data/imagenet', 'ftp://host/imagenet'),
  placed('s3://pictures/imagenet/64', 's3:///imagenet'),
  placed('http://files.storage:8080/imagenet', 'https://user:secret@host/imagenet'),
  placed('https://host.example', 'https://host.example/imagenet?token=1'),
  {
    good: { dataset: { name: 'imagenet', classes: 100 } },
    bad: { dataset: { name: 'cifar10', classes: 10 } },
    path: 'spec.dataset.classes',
    message: 'only imagenet may have fewer classes than it was published with',
  },
  RECIPE,
  JITTER,
  {
    good: { dataset: { name: 'cifar10' }, final: { training: JITTER.good['training'] } },
    bad: { dataset: { name: 'mnist' }, final: { training: JITTER.bad['training'] } },
    path: 'spec.final.training.augmentation.colorJitter',
    message: JITTER.message,
  },
  {
    good: { dataset: { name: 'cifar10' }, final: resizedCrop(0) },
    bad: { dataset: { name: 'cifar10' }, final: resizedCrop(0.08) },
    path: 'spec.final.training.augmentation.resizedCrop',
    message: CROP,
  },
];

export const DATASET_TRIAL_CASES: readonly RuleCase[] = [RECIPE, JITTER];
