// Real pictures, few steps: networks whose layers hear nothing from above tell more of them right than guessing would.
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createInThreadStream } from '../../../trainer/data/index.ts';
import { runTrial, type TrialPorts } from '../../../trainer/training/index.ts';
import { openTrialData } from '../../../trainer/trial-data.ts';
import { fashionMnist } from '../../builders/real-pictures.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makePorts, makeTrialSpec } from '../../builders/training.ts';

const CHANCE = 0.1;

describe.skipIf(tensorFlow === undefined || fashionMnist === undefined)('of ten classes', () => {
  test.each([
    ['LeNet-5 under PEPITA', 'lenet5;conv2=PEPITA,conv3=PEPITA,fc1=PEPITA,fc2=PEPITA', 0.1],
  ])('%s', { timeout: 120_000 }, async (_name, genotype, learningRate) => {
    const directory = await mkdtemp(join(tmpdir(), 'bionas-learning-'));
    try {
      const recipe = { epochs: 3, batchSize: 50, optimizer: { learningRate, weightDecay: 0 } };
      const fields = { genotype, shape: { channels: 8, cells: 1 }, dataset: fashionMnist };
      const cacheDir = join(homedir(), '.cache', 'bionas', 'datasets');
      const openData: TrialPorts['openData'] = (spec) =>
        openTrialData(spec, { cacheDir, stream: createInThreadStream() });
      const ports = makePorts(directory, tensorFlow!, { openData });
      const outcome = await runTrial(makeTrialSpec(recipe, fields), ports);
      const { metrics } = outcome.kind === 'result' ? outcome.result : {};
      expect(metrics?.accuracy).toBeGreaterThan(3 * CHANCE);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
