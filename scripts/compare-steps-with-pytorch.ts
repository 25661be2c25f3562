// `make check-steps`: trains LeNet and a DARTS cell for 20 steps in float64, every learning rule among them, and has PyTorch
// train the same from the same start, and BioTorch's layers make the first step again. docs/science.md has the differences.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Trial, type TrialSpec } from '../crds/index.ts';
import { syntheticData, takeSteps, writeStep } from '../trainer/debug-step/index.ts';
import { createReferenceExecutor } from '../trainer/executors/index.ts';

const { python = 'python3', steps = '20' } = parseArgs({
  options: { python: { type: 'string' }, steps: { type: 'string' } },
}).values;
const count = Number(steps);

const NORMAL =
  'sep_conv_3x3:uSF~0,sep_conv_5x5:FA~1|dil_conv_3x3:brSF~0,skip_connect~2|max_pool_3x3~1,dil_conv_5x5:frSF~3|forward_forward_conv_3x3~0,sep_conv_3x3:BP~4';
const REDUCE =
  'sep_conv_3x3:DFA~0,max_pool_3x3~1|dil_conv_3x3:DRTP~0,dil_conv_5x5:KP~1|sep_conv_5x5:WM~0,dil_conv_3x3:PC~1|skip_connect~2,dil_conv_3x3:PEPITA~1';
const darts = {
  genotype: `darts;normal=${NORMAL};reduce=${REDUCE};rest=BP`,
  shape: { channels: 4, cells: 3 },
};
const lenet = (conv2: string, conv3: string, fc1: string, fc2: string) => ({
  genotype: `lenet;conv2=${conv2},conv3=${conv3},fc1=${fc1},fc2=${fc2}`,
  shape: { channels: 32 },
});
const momentum = { optimizer: { learningRate: 0.01 } };
const everyOption = {
  optimizer: { name: 'adam', learningRate: 0.001 },
  regularisation: { constrainWeights: true, gradientClipValue: 0.01, labelSmoothing: 0.1 },
};

/** `biotorch`: BioTorch has some of its rules. It has no clipping of DFA's signals. */
const TRAININGS = [
  { name: 'lenet-1', ...lenet('FA', 'uSF', 'brSF', 'frSF'), training: momentum, biotorch: true },
  { name: 'lenet-2', ...lenet('KP', 'BP', 'WM', 'uSF'), training: momentum, biotorch: true },
  { name: 'lenet-3', ...lenet('DFA', 'DRTP', 'KP', 'FA'), training: momentum, biotorch: true },
  { name: 'lenet-4', ...lenet('PEPITA', 'PEPITA', 'PEPITA', 'PEPITA'), training: momentum },
  { name: 'lenet-5', ...lenet('PEPITA', 'PEPITA', 'uSF', 'BP'), training: momentum },
  { name: 'lenet-6', ...lenet('PC', 'FA', 'PC', 'PC'), training: momentum },
  { name: 'lenet-options', ...lenet('KP', 'FA', 'uSF', 'DFA'), training: everyOption },
  { name: 'lenet-options-2', ...lenet('PEPITA', 'FA', 'PEPITA', 'uSF'), training: everyOption },
  { name: 'darts', ...darts, training: momentum, biotorch: true },
  { name: 'darts-options', ...darts, training: everyOption },
];

function specOf({ name, genotype, shape, training }: (typeof TRAININGS)[number]): TrialSpec {
  const spec = {
    search: name,
    index: 0,
    proposedAfter: 0,
    purpose: 'Search',
    seed: 1,
    genotype,
    shape,
    dataset: { name: 'mnist' },
    training: { batchSize: 4, ...training },
    fidelity: { epochs: 1 },
  };
  return Trial.parse({
    apiVersion: 'bionas.dev/v1alpha1',
    kind: 'Trial',
    metadata: { name },
    spec,
  }).spec;
}

const ports = {
  executor: createReferenceExecutor(),
  openData: async (spec: TrialSpec) => syntheticData(spec, count),
};
const directory = await mkdtemp(join(tmpdir(), 'bionas-steps-'));
try {
  for (const training of TRAININGS) {
    const place = join(directory, training.name);
    let number = 1;
    for await (const step of takeSteps(specOf(training), ports, count))
      await writeStep(join(place, `${number++}`), step);
    execFileSync(python, ['scripts/check-step-with-pytorch.py', place], { stdio: 'inherit' });
    if ('biotorch' in training)
      execFileSync(python, ['scripts/check-step-with-biotorch.py', join(place, '1')], {
        stdio: 'inherit',
      });
  }
} finally {
  await rm(directory, { recursive: true });
}
