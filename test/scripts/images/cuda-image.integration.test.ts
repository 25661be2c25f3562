// The image for GPUs on a machine without one: its root file system, made as make images makes it, trains on TensorFlow's way back to
// the processor, and says that there is no card where one was asked for. All of it is proven here but the card. `make e2e` runs it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../../../crds/index.ts';
import {
  CUDA_IMAGE,
  cudaObstacle,
  imagesObstacle,
  writeRoot,
} from '../../../scripts/images/index.ts';
import { realPictures } from '../../builders/real-pictures.ts';
import { makeRealTrial } from '../../trainer/trainer-process.ts';
import { containmentObstacle, runContained } from './contained.ts';

const pictures = realPictures?.['path'];
const asked = process.env['BIONAS_TEST_CUDA_IMAGE'] === '1';
const obstacle =
  (asked ? undefined : '`make e2e` makes it, half a minute of work') ??
  cudaObstacle() ??
  imagesObstacle() ??
  containmentObstacle() ??
  (typeof pictures === 'string' ? undefined : 'no folder of pictures');
if (obstacle !== undefined) console.warn(`skipped, the image of CUDA: ${obstacle}`);

describe.skipIf(obstacle !== undefined)('the root file system of trainer-cuda', () => {
  const root = mkdtempSync(join(tmpdir(), 'bionas-cuda-image-'));
  beforeAll(() => writeRoot(CUDA_IMAGE, root));
  afterAll(() => rmSync(root, { recursive: true }));

  const train = (env: Readonly<Record<string, string>>) => {
    const dataset = { ...realPictures, path: '/data', trainPictures: 64, validationPictures: 50 };
    const training = { epochs: 1, batchSize: 32, alignment: false };
    const trial = makeRealTrial({ dataset, training, fidelity: { epochs: 1 } });
    const data = String(pictures);
    return runContained(CUDA_IMAGE, { root, data, env: { BIONAS_TRIAL: trial, ...env } });
  };
  const selfCheckIn = (log: string) =>
    JSON.parse(log.split('\n').find((line) => line.includes('"Self-check"')) ?? '{}');

  test('has the libraries of CUDA beside TensorFlow, no headers, no shell', () => {
    const library = join(root, 'opt/tensorflow');
    expect(readdirSync(library)).toEqual(expect.arrayContaining(['nvidia', 'tensorflow']));
    expect(readdirSync(join(library, 'nvidia/cudnn'))).not.toContain('include');
    expect(readdirSync(join(library, 'nvidia/nccl/lib'))).toContain('libnccl.so.2');
    expect(readdirSync(join(root, 'usr/bin'))).not.toContain('sh');
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toContain('nonroot');
  });

  test('trains on the processor where no GPU is asked for', async () => {
    const { code, stdout, stderr } = await train({});
    expect(selfCheckIn(stderr)).toMatchObject({
      library: 'TensorFlow 2.18.1 (oneDNN) through koffi',
      device: 'CPU',
      driver: null,
      cuda: { cudnn: '9.3.0.75', nccl: '2.21.5' },
    });
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => Report.parse(JSON.parse(line)));
    expect(reports.at(-1)?.body).toMatchObject({
      kind: 'result',
      result: {
        executor: { executor: 'tensorflow', device: 'CPU' },
        metrics: { accuracy: expect.any(Number) },
      },
    });
    expect(code).toBe(0);
  });

  test('says at its start that a GPU was asked for and is not there', async () => {
    const { code, stdout, stderr } = await train({ BIONAS_DEVICE: 'gpu' });
    expect(code).toBe(69);
    expect(selfCheckIn(stderr)).toMatchObject({ wanted: 'gpu', device: 'CPU' });
    expect(stdout).toContain('a GPU was asked for');
    expect(stdout).toContain('this node has no NVIDIA driver');
  });
});
