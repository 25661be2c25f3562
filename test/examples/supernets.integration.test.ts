// The examples of supernets: an epoch on made-up pictures, and a network that may be retrained. Those of the paper with three cells in
// place of eight, whose mixtures take minutes on two cores.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  BioNASSearch,
  genotypeInSpace,
  parseGenotype,
  type Supernet,
  type TrialSpec,
} from '../../crds/index.ts';
import type { Executor } from '../../trainer/executors/index.ts';
import { networkOf, runTrial } from '../../trainer/training/index.ts';
import { exampleText, exampleTrials } from '../builders/example-trials.ts';
import { tensorFlow } from '../builders/tensorflow.ts';
import { makePorts, openMadeUp } from '../builders/training.ts';
import { makeDirectory, resultOf } from '../builders/trial-runs.ts';

const SHAPES: Readonly<Record<string, { height: number; width: number; channels: number }>> = {
  'fashion-mnist': { height: 28, width: 28, channels: 1 },
  cifar10: { height: 32, width: 32, channels: 3 },
};
const FILES = [
  'darts-supernet.yaml',
  'eg-supernet.yaml',
  'one-shot.yaml',
  'paper/bionas-darts.yaml',
  'paper/bionas-eg.yaml',
];

const FEW = { population: 4, generations: 2 };

/** Without a warm-up, and with few candidates and single paths. */
const briefly = ({ singlePath, evolution }: Supernet): Partial<Supernet> => ({
  warmupEpochs: 0,
  ...(singlePath && { singlePath: { ...singlePath, ...FEW } }),
  ...(evolution && { evolution: { ...evolution, ...FEW, samples: 1 } }),
});

const onTensorFlow = test.skipIf(tensorFlow === undefined);
onTensorFlow.each(FILES)('%s trains, and derives a network of its space', async (file) => {
  const [trial] = exampleTrials(file);
  if (trial === undefined) throw new Error('the example proposes nothing');
  const directory = await makeDirectory();
  const { training, supernet, shape, dataset } = trial.spec;
  const pictures = SHAPES[dataset.name] ?? {};
  // The pictures that are made up fill two batches of 20 in each half.
  const spec: TrialSpec = {
    ...trial.spec,
    shape: { ...shape, cells: 3 },
    training: { ...training, batchSize: 20, epochs: 1 },
    fidelity: { epochs: 1 },
    ...(supernet === undefined ? {} : { supernet: { ...supernet, ...briefly(supernet) } }),
  };
  const openData = async (of: TrialSpec) => {
    const opened = openMadeUp(of, pictures);
    const each = (value: number) => Array(opened.task.channels).fill(value);
    return { ...opened, statistics: { mean: each(0.5), deviation: each(0.25) } };
  };
  const ports = makePorts(directory, tensorFlow as Executor, { openData, threads: 1 });
  const outcome = await runTrial(spec, ports);
  const { genotype = '' } = resultOf(outcome).supernet ?? {};
  const { searchSpace } = BioNASSearch.parse(parse(exampleText(file))).spec;
  expect(genotypeInSpace(parseGenotype(genotype), searchSpace)).toBeUndefined();
  await networkOf({ ...spec, genotype }, { ...SHAPES['cifar10']!, ...pictures, classes: 10 });
});
