// PyTorch makes our steps again, with all rules at work, and agrees; and it notices a wrong number.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dataset, LEARNING_RULES, Trial, type TrialSpec } from '../../../crds/index.ts';
import { syntheticData, takeSteps, writeStep } from '../../../trainer/debug-step/index.ts';
import { createReferenceExecutor, type Executor } from '../../../trainer/executors/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../trainer/safetensors/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { convertedTo, SMALL_NETWORKS } from '../../builders/networks.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { hasTorchPython, TorchScripts } from '../../builders/torch-python.ts';

const CHECK = 'scripts/check-step-with-pytorch.py';

/** A small network of SMALL_NETWORKS on noise of MNIST's size. */
function specOf(network: string, training: object = {}): TrialSpec {
  const { genotype, shape } = SMALL_NETWORKS[network] ?? {};
  const dataset = { name: 'mnist' };
  return Trial.parse(
    makeTrialManifest({ genotype, shape, dataset, training: { batchSize: 2, ...training } }),
  ).spec;
}

describe.runIf(hasTorchPython)('PyTorch', { concurrent: true }, () => {
  let directory = '';
  let python: TorchScripts;
  beforeAll(async () => {
    python = new TorchScripts();
    directory = await mkdtemp(join(tmpdir(), 'bionas-pytorch-'));
  });
  afterAll(async () => {
    await python[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const write = async (name: string, spec: TrialSpec, executor: Executor, count = 1) => {
    const openData = async (of: TrialSpec) => syntheticData(of, count);
    const place = join(directory, name.replaceAll(' ', '-'));
    let number = 1;
    for await (const step of takeSteps(spec, { executor, openData }, count))
      await writeStep(count === 1 ? place : join(place, `${number++}`), step);
    return place;
  };

  test.each(Object.keys(SMALL_NETWORKS))('agrees with the reference on %s', async (network) => {
    const place = await write(network, specOf(network), createReferenceExecutor());
    expect(await python.run([CHECK, place])).toContain('worst of');
  });

  test('agrees on the stems and the auxiliary head of large pictures', async () => {
    const spec = {
      ...specOf('darts', { regularisation: { auxiliaryWeight: 0.4, labelSmoothing: 0.1 } }),
      dataset: Dataset.parse({ name: 'imagenet', classes: 7 }),
    };
    const genotype = spec.genotype.replace('rest=BP', 'rest=uSF');
    const place = await write('imagenet', { ...spec, genotype }, createReferenceExecutor());
    expect(await python.run([CHECK, place])).toContain('worst of');
  });

  test.each(['lenet', 'resnet-20', 'nb201', 'darts'])(
    'agrees on direct projections of errors and targets in %s, beside other rules',
    async (network) => {
      const spec = specOf(network, { regularisation: { auxiliaryWeight: 0.4 } });
      const genotype = convertedTo('DRTP', convertedTo('DFA', spec.genotype, ['FA', 'frSF']), [
        'uSF',
        'BP',
      ]);
      const place = await write(
        `projected ${network}`,
        { ...spec, genotype },
        createReferenceExecutor(),
      );
      const report = await python.run([CHECK, place]);
      for (const rule of ['DFA', 'DRTP']) expect(report).toMatch(new RegExp(`${rule} +gradient`));
    },
  );

  test.each([
    ['lenet', LEARNING_RULES],
    ['resnet-20', ['FA', 'KP']],
    ['nb201', ['uSF', 'FA']],
    ['darts', ['BP', 'uSF']],
    ['darts', LEARNING_RULES],
  ] as const)(
    'agrees on the second pass of PEPITA in %s in the place of %s',
    async (network, from) => {
      const spec = specOf(network, {
        regularisation: { auxiliaryWeight: 0.4, gradientClipValue: 1 },
      });
      const genotype = convertedTo('PEPITA', spec.genotype, from);
      const name = `modulated ${network} ${from.length}`;
      const place = await write(name, { ...spec, genotype }, createReferenceExecutor());
      expect(await python.run([CHECK, place])).toMatch(/PEPITA +gradient/);
    },
  );

  test('agrees on nodes that settle under PC, batch norm between them', async () => {
    const edges = 'nor_conv_1x1:PC~0|skip_connect~0,none~1|avg_pool_3x3~0,none~1,nor_conv_1x1:PC~2';
    const genotype = `nb201;${edges};rest=frSF`;
    const spec = { ...specOf('nb201'), genotype, shape: { channels: 2, cells: 1 } };
    const place = await write('settling nb201', spec, createReferenceExecutor());
    expect(await python.run([CHECK, place])).toMatch(/PC +gradient/);
  });

  test.runIf(tensorFlow !== undefined)('agrees on PC beside PEPITA in LeNet', async () => {
    const spec = specOf('lenet', { batchSize: 4, regularisation: { gradientClipValue: 1 } });
    const mixed = convertedTo('PEPITA', spec.genotype, ['brSF']);
    const genotype = convertedTo('PC', mixed, ['FA', 'uSF', 'frSF']);
    const place = await write('settling lenet', { ...spec, genotype }, tensorFlow as Executor);
    expect(await python.run([CHECK, place])).toMatch(/PC +gradient/);
  });

  test('agrees on an auxiliary head, drop-path, cutout, smoothing and Adam', async () => {
    const spec = specOf('darts', {
      augmentation: { cutout: 8 },
      regularisation: { auxiliaryWeight: 0.4, dropPath: 0.2, labelSmoothing: 0.1 },
      optimizer: { name: 'adam', learningRate: 0.001 },
    });
    const place = await write('all', spec, createReferenceExecutor());
    expect(await python.run([CHECK, place])).toContain('gradient/auxiliary/fc/weight');
  });

  const options = { constrainWeights: true, gradientClipValue: 0.01, labelSmoothing: 0.1 };

  test.each(['lenet', 'resnet-20'])(
    'agrees on clipped numbers and weights held at their norm in %s',
    async (network) => {
      const spec = specOf(network, { regularisation: options });
      const place = await write(`options ${network}`, spec, createReferenceExecutor());
      expect(await python.run([CHECK, place])).toContain('after/conv1');
    },
  );

  /** Three steps of every rule in one cell. */
  const writeSteps = async (name: string, training: object) => {
    const spec = specOf('darts', { batchSize: 4, optimizer: { learningRate: 0.01 }, ...training });
    const edges = ['sep_conv_3x3:DFA', 'dil_conv_3x3:DRTP', 'dil_conv_5x5:KP', 'sep_conv_3x3:WM'];
    const other = 'dil_conv_3x3:PEPITA';
    const reduce = `reduce=${edges.map((edge) => `${edge}~0,${other}~1`).join('|')};`;
    const genotype = spec.genotype.replace(/reduce=.*?;/, reduce);
    return write(name, { ...spec, genotype }, createReferenceExecutor(), 3);
  };

  test.each([
    ['momentum', {}],
    ['Adam and all options', { optimizer: { name: 'adam' }, regularisation: options }],
  ])('trains to the same parameters by %s', async (name, training) => {
    const report = await python.run([CHECK, await writeSteps(`steps by ${name}`, training)]);
    expect(report).toContain('3 steps of darts');
    const here = LEARNING_RULES.filter((rule) => rule !== 'PC'); // too slow for the interpreter
    for (const rule of here) expect(report).toMatch(new RegExp(` ${rule}\n`));
  });

  test.each(['after/stem/conv/weight', 'labels'])(
    'notices that %s of the last step is wrong',
    async (name) => {
      const path = join(
        await writeSteps(`wrong steps ${name.replaceAll('/', '-')}`, {}),
        '3/step.safetensors',
      );
      const file = decodeSafetensors(await readFile(path), path);
      const data = file.tensors[name]?.data ?? [];
      data[0] = data[0] === 7 ? 6 : 7;
      await writeFile(path, encodeSafetensors(file));
      await expect(python.run([CHECK, join(path, '../..')])).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('WRONG'),
      });
    },
  );

  test.runIf(tensorFlow !== undefined)('agrees with TensorFlow on LeNet', async () => {
    const spec = specOf('lenet', { batchSize: 4 });
    const place = await write('tensorflow', spec, tensorFlow as Executor);
    expect(await python.run([CHECK, place])).toMatch(/brSF +gradient\/fc1\/weight/);
  });

  test.each([
    ['gradient/conv2/weight', 'lenet'],
    ['feedback/fc2', 'lenet'],
    ['after/stage1/cell0/node1/edge0/conv/weight', 'nb201 that learns locally'],
  ])('notices that a number of %s is wrong', async (name, network) => {
    const place = await write(
      `wrong ${network} ${name.replaceAll('/', '-')}`,
      specOf(network),
      createReferenceExecutor(),
    );
    const path = join(place, 'step.safetensors');
    const file = decodeSafetensors(await readFile(path), path);
    const data = file.tensors[name]?.data ?? [];
    data[data.length >> 1] = 7;
    await writeFile(path, encodeSafetensors(file));
    await expect(python.run([CHECK, place])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('WRONG'),
    });
  });
});
