// One step taken apart: every tensor under its documented name, in the documented layout.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Trial, type TrialSpec } from '../../../crds/index.ts';
import { syntheticData, takeSteps, writeStep } from '../../../trainer/debug-step/index.ts';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { decodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';

const spec: TrialSpec = Trial.parse(
  makeTrialManifest({
    genotype: 'lenet;conv2=uSF,conv3=FA,fc1=BP,fc2=frSF',
    dataset: { name: 'cifar10' },
    training: { batchSize: 2, augmentation: { cutout: 8 } },
  }),
).spec;
const executor = createReferenceExecutor();
const openData = async (of: TrialSpec) => syntheticData(of);

async function all(taken: ReturnType<typeof takeSteps>) {
  const steps = [];
  for await (const step of taken) steps.push(step);
  return steps;
}

describe('a step of LeNet', () => {
  let directory = '';
  let tensors: Tensors = {};
  let record: Record<string, unknown> = {};
  const numbersOf = (name: string) => Array.from(tensors[name]?.data ?? []);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bionas-step-'));
    const [step] = await all(takeSteps(spec, { executor, openData }));
    const [file = '', json = ''] = await writeStep(join(directory, 'new'), step!);
    tensors = decodeSafetensors(await readFile(file), file).tensors;
    record = JSON.parse(await readFile(json, 'utf8'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test.each([
    ['pictures', 'uint8', [2, 3, 32, 32]],
    ['keep', 'uint8', [2, 1, 32, 32]],
    ['input', 'float32', [2, 3, 32, 32]],
    ['labels', 'int32', [2]],
    ['logits', 'float32', [2, 10]],
    ['loss', 'float32', []],
    ['parameter/conv2/weight', 'float32', [64, 32, 3, 3]],
    ['after/conv2/weight', 'float32', [64, 32, 3, 3]],
    ['gradient/conv2/weight', 'float32', [64, 32, 3, 3]],
    ['feedback/conv2', 'float32', [64, 32, 3, 3]],
    ['gradient/fc1/weight', 'float32', [256, 128]],
    ['feedback/fc1', 'float32', [256, 128]],
    ['gradient/conv1/bias', 'float32', [32]],
  ])('%s is %s [%s]', (name, dtype, shape) => {
    expect(tensors[name]).toMatchObject({ dtype, shape });
  });

  test('the pictures and the network’s input are the same picture, normalised but in the holes', () => {
    const { mean = [], deviation = [] } = syntheticData(spec).statistics;
    const channel = 32 * 32;
    const [pixels, input, keep] = ['pictures', 'input', 'keep'].map(numbersOf);
    const seen = input?.map((_, i) => {
      const c = Math.floor(i / channel) % 3;
      const kept = keep?.[Math.floor(i / (3 * channel)) * channel + (i % channel)] ?? 0;
      const normal = ((pixels?.[i] ?? 0) / 255 - (mean[c] ?? 0)) / (deviation[c] ?? 1);
      return Math.abs(normal * kept - (input[i] ?? Number.NaN));
    });
    expect(Math.max(...(seen ?? [1]))).toBeLessThan(1e-6);
  });

  test('a signal went back through each layer but the first, by its rule', () => {
    expect(record['rules']).toEqual({ conv2: 'uSF', conv3: 'FA', fc1: 'BP', fc2: 'frSF' });
    expect(tensors['feedback/conv1']).toBeUndefined();
    expect(numbersOf('feedback/fc1')).toEqual(numbersOf('parameter/fc1/weight'));
    const signs = (name: string) => numbersOf(name).map(Math.sign);
    expect(signs('feedback/conv2')).toEqual(signs('parameter/conv2/weight'));
    expect(signs('feedback/conv3')).not.toEqual(signs('parameter/conv3/weight'));
  });

  test('every parameter has a gradient, and moved', () => {
    const parameters = Object.keys(tensors).filter((name) => name.startsWith('parameter/'));
    expect(parameters).toHaveLength(10);
    for (const name of parameters) {
      const path = name.replace('parameter/', '');
      expect(tensors[`gradient/${path}`]?.shape).toEqual(tensors[name]?.shape);
      expect(numbersOf(`after/${path}`)).not.toEqual(numbersOf(name));
    }
  });

  test('the record says what was trained and how', () => {
    expect(record).toMatchObject({
      format: 'bionas-debug-step-1',
      genotype: { kind: 'fixed', network: 'lenet', text: spec.genotype },
      task: { height: 32, width: 32, channels: 3, classes: 10 },
      seed: spec.seed,
      batchSize: 2,
      learningRate: expect.closeTo(0.05, 6),
      executor: { executor: 'reference' },
    });
  });
});

test('each of several steps begins where the last one ended, with a batch of its own', async () => {
  const ports = { executor, openData: async (of: TrialSpec) => syntheticData(of, 2) };
  const [first, second, ...more] = await all(takeSteps(spec, ports, 2));
  expect(more).toEqual([]);
  expect(second?.before).toEqual(first?.after);
  expect(second?.after).not.toEqual(second?.before);
  expect(second?.inputs['pictures']).not.toEqual(first?.inputs['pictures']);
  expect(second?.inputs['key']?.data).not.toEqual(first?.inputs['key']?.data);
});

describe('synthetic data', () => {
  test('is the same for the same seed, and another for another', async () => {
    const first = async (seed: number) => {
      for await (const batch of syntheticData({ ...spec, seed }).data.training(0, 0)) return batch;
      return undefined;
    };
    expect(await first(1)).toEqual(await first(1));
    expect(await first(1)).not.toEqual(await first(2));
  });
});

test.each([
  [1, 0, 'cifar10 has no batch of 2 training pictures: make the batch smaller'],
  [3, 2, 'cifar10 has 2 and not 3 batches of 2 training pictures: make the batch smaller'],
])('%i steps of %i batches are refused with what to do', async (count, batches, message) => {
  const few = async (of: TrialSpec) => syntheticData(of, batches);
  const steps = all(takeSteps(spec, { executor, openData: few }, count));
  await expect(steps).rejects.toThrow(message);
});
