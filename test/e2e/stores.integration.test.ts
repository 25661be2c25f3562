// A search on photographs wherever they lie (a directory, a web server, a bucket), on both executors. The same pictures give the
// same search.
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../trainer/data/stores/index.ts';
import { hasS3Server, type S3Server, startS3Server } from '../builders/s3-server.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { directoryWith } from '../trainer/data/directories.ts';
import { serveFiles } from '../trainer/data/file-server.ts';
import { LocalRun } from './local-run.ts';

const SAMPLE = fileURLToPath(new URL('../../../shared/data/imagenet-sample', import.meta.url));
const hasSample = existsSync(SAMPLE);
if (!hasSample) console.log('skipped: no sample of ImageNet beside the project');

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

interface Asked {
  readonly executor: string;
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Losses of the one trial and of the final one. */
async function searchOn({ executor, path, env = {} }: Asked) {
  const local = await LocalRun.make();
  const spec = {
    dataset: { name: 'imagenet', path, classes: CLASSES, trainPictures: 4, validationPictures: 4 },
    training: { epochs: 1, batchSize: 2, augmentation: { resizedCrop: 0.08, flip: true } },
    algorithm: { name: 'random' },
    budget: { trials: 1 },
  };
  const run = await local.startIn(env, spec, '--executor', executor);
  expect(await run.ended, run.output).toBe(0);
  return (await local.records()).map(({ purpose, outcome, objectives }) => ({
    purpose,
    outcome,
    objectives,
  }));
}

let server: S3Server | undefined;
afterAll(() => server?.close());

/** Filled once. */
async function bucket(): Promise<S3Server> {
  if (server !== undefined) return server;
  server = await startS3Server('pictures');
  const store = openStore('s3://pictures/imagenet', server.settings);
  for (const file of files)
    for (const part of ['train', 'val'])
      await store.put?.(file.replace('train', part), await readFile(join(SAMPLE, file)));
  return server;
}

let first: Awaited<ReturnType<typeof searchOn>>;

describe.runIf(hasSample).each([
  ['tensorflow', tensorFlow !== undefined],
  ['onnx', true],
])('computed by %s', (executor, isThere) => {
  let expected: typeof first;

  test.runIf(isThere)('in a directory, as by the other executor', async () => {
    expected = await searchOn({ executor, path: directory });
    expect(expected.map(({ purpose, outcome }) => [purpose, outcome])).toEqual([
      ['Search', 'Trained'],
      ['Final', 'Trained'],
    ]);
    first ??= expected;
    const objectives = (of: typeof first) => of.flatMap((record) => record.objectives ?? []);
    for (const [i, objective] of objectives(expected).entries())
      expect(objective).toBeCloseTo(objectives(first)[i] ?? Number.NaN, 3);
  });

  test.runIf(isThere)('on a web server', async () => {
    const { base } = await serveFiles(directory);
    expect(await searchOn({ executor, path: base })).toEqual(expected);
  });

  test.runIf(isThere && hasS3Server)('in a bucket', async () => {
    const { env } = await bucket();
    expect(await searchOn({ executor, path: 's3://pictures/imagenet', env })).toEqual(expected);
  });
});
