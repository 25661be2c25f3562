// A DARTS network of ImageNet's kind learns from real JPEGs on disk, in the shape that ImageNet has them.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Trial } from '../../crds/index.ts';
import { writeArtifacts } from '../../trainer/artifacts.ts';
import { createPrefetchStream } from '../../trainer/data/index.ts';
import type { Executor } from '../../trainer/executors/index.ts';
import { decodeModel } from '../../trainer/onnx-model/index.ts';
import { runTrial } from '../../trainer/training/index.ts';
import { openTrialData } from '../../trainer/trial-data.ts';
import { exampleTrials } from '../builders/example-trials.ts';
import { makeTrialManifest } from '../builders/manifest.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makePorts } from '../builders/training.ts';

const SAMPLE = fileURLToPath(new URL('../../../shared/data/imagenet-sample', import.meta.url));
const hasSample = existsSync(SAMPLE);
if (!hasSample) console.warn('skipped: no sample of ImageNet beside the project');

const [searched] = exampleTrials('paper/imagenet.yaml');
const recipe = searched?.spec.training;

describe.runIf(hasSample && tensorFlow !== undefined)('150 photographs of 150 classes', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-imagenet-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    for (const part of ['train', 'val'])
      await symlink(join(SAMPLE, 'train'), join(directory, part));
  });

  const specOf = (batchSize: number) =>
    Trial.parse(
      makeTrialManifest({
        genotype: searched?.spec.genotype,
        shape: { cells: 3, channels: 8 },
        dataset: {
          name: 'imagenet',
          path: directory,
          classes: 150,
          trainPictures: 2 * batchSize,
          validationPictures: 12,
        },
        training: { ...recipe, epochs: 1, batchSize },
        fidelity: { epochs: 1 },
      }),
    ).spec;

  test('two steps by the recipe of ImageNet, an evaluation, and a model with its classes', async () => {
    const spec = specOf(4);
    const ports = makePorts(directory, tensorFlow as Executor, {
      openData: (of) => openTrialData(of, { cacheDir: directory, stream: createPrefetchStream() }),
      writeArtifacts,
      threads: 1,
    });
    const outcome = await runTrial(spec, ports);
    const result = outcome.kind === 'result' ? outcome.result : undefined;
    expect(result?.outcome).toBe('Trained');
    const [epoch] = result?.epochs ?? [];
    // Before anything is learned a guess among 150 has a loss of ln 150; the auxiliary head adds 0.4 of the same.
    expect(epoch?.loss).toBeGreaterThan(1);
    expect(epoch?.loss).toBeLessThan(3 * Math.log(150));
    expect(epoch?.validationLoss).toBeGreaterThan(1);
    const model = decodeModel(await readFile(join(directory, 'model.onnx')));
    const classes = model.metadataProps.find(({ key }) => key === 'classes')?.value ?? '';
    expect(JSON.parse(classes)).toHaveLength(150);
    expect(JSON.parse(classes)[0]).toBe('n01440764');
  });

  test('batches that a trial takes up at a step are those it would have had', async () => {
    const stream = createPrefetchStream();
    const { data, task, close } = await openTrialData(specOf(5), { cacheDir: directory, stream });
    expect(task).toEqual({ height: 224, width: 224, channels: 3, classes: 150 });
    expect(data.stepsPerEpoch).toBe(2);
    const collect = async (from: number) => {
      const all = [];
      for await (const batch of data.training(0, from)) all.push(batch);
      return all;
    };
    const whole = await collect(0);
    expect(await collect(1)).toEqual(whole.slice(1));
    const [first] = whole;
    const mean =
      (first?.pictures ?? new Uint8Array()).reduce((a, b) => a + b, 0) / (5 * 224 * 224 * 3);
    expect(mean).toBeGreaterThan(40);
    expect(mean).toBeLessThan(200);
    await close();
  });
});
