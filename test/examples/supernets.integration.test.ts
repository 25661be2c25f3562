// The examples of supernets at their full size: an epoch on made-up pictures, and a network that may be retrained.
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

const PICTURES = { height: 28, width: 28, channels: 1 };
const FILES = ['darts-supernet.yaml', 'eg-supernet.yaml', 'one-shot.yaml'];

/** Without a warm-up, and few single paths. */
const briefly = ({ singlePath }: Supernet): Partial<Supernet> => ({
  warmupEpochs: 0,
  ...(singlePath && { singlePath: { ...singlePath, population: 2, generations: 2 } }),
});

const onTensorFlow = test.skipIf(tensorFlow === undefined);
onTensorFlow.each(FILES)('%s trains, and derives a network of its space', async (file) => {
  const [trial] = exampleTrials(file);
  if (trial === undefined) throw new Error('the example proposes nothing');
  const directory = await makeDirectory();
  const { training, supernet } = trial.spec;
  // The pictures that are made up fill two batches of 20 in each half.
  const spec: TrialSpec = {
    ...trial.spec,
    training: { ...training, batchSize: 20, epochs: 1 },
    fidelity: { epochs: 1 },
    ...(supernet === undefined ? {} : { supernet: { ...supernet, ...briefly(supernet) } }),
  };
  const openData = async (of: TrialSpec) => {
    const opened = openMadeUp(of, PICTURES);
    return { ...opened, statistics: { mean: [0.5], deviation: [0.25] } };
  };
  const ports = makePorts(directory, tensorFlow as Executor, { openData, threads: 1 });
  const outcome = await runTrial(spec, ports);
  const { genotype = '' } = resultOf(outcome).supernet ?? {};
  const { searchSpace } = BioNASSearch.parse(parse(exampleText(file))).spec;
  expect(genotypeInSpace(parseGenotype(genotype), searchSpace)).toBeUndefined();
  await networkOf({ ...spec, genotype }, { ...PICTURES, classes: 10 });
});
