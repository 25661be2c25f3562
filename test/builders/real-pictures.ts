// Real pictures for tests that train: a sample of CIFAR-10 beside the repository, else Fashion-MNIST from the cache.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('../../../shared/data/cifar10-sample', import.meta.url));
const cached = join(homedir(), '.cache', 'bionas', 'datasets', 'fashion-mnist', 'fetched.json');

/** `dataset` of a spec, of Fashion-MNIST alone. Undefined where it was not fetched. */
export const fashionMnist = existsSync(cached)
  ? { name: 'fashion-mnist', trainPictures: 5000, validationPictures: 500 }
  : undefined;

function found(): Record<string, unknown> | undefined {
  if (existsSync(sample)) return { name: 'cifar10', path: sample };
  if (fashionMnist !== undefined) return { name: 'fashion-mnist' };
  console.warn('skipped: no pictures; run `bionas data fetch fashion-mnist`');
  return undefined;
}

/** `dataset` of a spec: 2,000 pictures to learn from, 500 to score by. Undefined where there are none. */
export const realPictures: Record<string, unknown> | undefined = (() => {
  const dataset = found();
  return dataset && { ...dataset, trainPictures: 2000, validationPictures: 500 };
})();
