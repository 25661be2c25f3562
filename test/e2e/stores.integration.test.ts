// A search on photographs wherever they lie: a directory, a web server, a bucket. The same pictures give the same search.
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../trainer/data/stores/index.ts';
import { hasS3Server, type S3Server, startS3Server } from '../builders/s3-server.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { directoryWith } from '../trainer/data/directories.ts';
import { serveFiles } from '../trainer/data/file-server.ts';
import { LocalRun } from './local-run.ts';

const SAMPLE = fileURLToPath(new URL('../../../shared/data/imagenet-sample', import.meta.url));
const hasSample = existsSync(SAMPLE);
if (!hasSample) console.log('skipped: no sample of ImageNet beside the project');
const canRun = hasSample && tensorFlow !== undefined;

const CLASSES = 8;
const files = globSync('train/*/*.JPEG', { cwd: SAMPLE }).sort().slice(0, CLASSES);
let directory: string;
beforeAll(async () => {
  directory = await directoryWith({});
  for (const part of ['train', 'val']) {
    await mkdir(join(directory, part));
    for (const file of files) {
      const folder = file.split('/')[1] ?? '';
      await symlink(join(SAMPLE, 'train', folder), join(directory, part, folder));
    }
  }
});

/** Losses of the one trial and of the final one. */
async function searchOn(path: string, env: Readonly<Record<string, string>> = {}) {
  await using local = await LocalRun.make();
  const run = await local.startIn(env, {
    dataset: { name: 'imagenet', path, classes: CLASSES, trainPictures: 4, validationPictures: 4 },
    training: { epochs: 1, batchSize: 2, augmentation: { resizedCrop: 0.08, flip: true } },
    algorithm: { name: 'random' },
    budget: { trials: 1 },
  });
  expect(await run.ended, run.output).toBe(0);
  return (await local.records()).map(({ purpose, outcome, objectives }) => ({
    purpose,
    outcome,
    objectives,
  }));
}

let expected: Awaited<ReturnType<typeof searchOn>>;

test.runIf(canRun)('in a directory', async () => {
  expected = await searchOn(directory);
  expect(expected.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
    ['Search', 'Trained'],
    ['Final', 'Trained'],
  ]);
});

test.runIf(canRun)('on a web server', async () => {
  const { base } = await serveFiles(directory);
  expect(await searchOn(base)).toEqual(expected);
});

let server: S3Server | undefined;
afterAll(() => server?.close());

test.runIf(canRun && hasS3Server)('in a bucket', async () => {
  server = await startS3Server('pictures');
  const store = openStore('s3://pictures/imagenet', server.settings);
  for (const file of files)
    for (const part of ['train', 'val'])
      await store.put?.(file.replace('train', part), await readFile(join(SAMPLE, file)));
  expect(await searchOn('s3://pictures/imagenet', server.env)).toEqual(expected);
});
