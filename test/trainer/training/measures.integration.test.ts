// Trials whose search asks for more than accuracy, on TensorFlow: attacked and timed at their end, and untouched by what was looked at
// before; and synflow beside PyTorch's.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { syntheticData, takeSteps, writeStep } from '../../../trainer/debug-step/index.ts';
import { earlyMetrics } from '../../../trainer/training/early-metrics.ts';
import { runTrial } from '../../../trainer/training/index.ts';
import { openNetwork } from '../../../trainer/training/open-network.ts';
import { convertedTo, SMALL_NETWORKS } from '../../builders/networks.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { hasTorchPython, runTorchPython } from '../../builders/torch-python.ts';
import { makePorts, makeTrialSpec, watched } from '../../builders/training.ts';
import { makeDirectory, resultOf } from '../../builders/trial-runs.ts';

const RECIPE = { epochs: 1, optimizer: { learningRate: 0.1 } };

interface Asked {
  readonly fields: Record<string, unknown>;
  readonly directory?: string;
  /** Aborts when the run of this number begins. */
  readonly stopAt?: (run: number) => boolean;
}

async function run({ fields, directory, stopAt = () => false }: Asked) {
  if (tensorFlow === undefined) throw new Error('no TensorFlow');
  const stop = new AbortController();
  const { executor, runs } = watched(tensorFlow, (number) => stopAt(number) && stop.abort());
  const ports = { signal: stop.signal, threads: 1 };
  const place = directory ?? (await makeDirectory());
  const outcome = await runTrial(makeTrialSpec(RECIPE, fields), makePorts(place, executor, ports));
  return { outcome, runs };
}

const metricsOf = ({ outcome }: Awaited<ReturnType<typeof run>>) => resultOf(outcome).metrics;
const robustAccuracy = { epsilon: 8, steps: 3, pictures: 12 };

describe.skipIf(tensorFlow === undefined)('robust accuracy', () => {
  test.each([
    ['under random feedback', convertedTo('FA', SMALL_NETWORKS['nb201']!.genotype)],
    ['with layers that learn locally', SMALL_NETWORKS['nb201 that learns locally']!.genotype],
  ])('is what PGD along the true gradient leaves: %s', async (_title, genotype) => {
    const asked = await run({ fields: { genotype, measures: { robustAccuracy } } });
    expect(asked.runs).toContain('slopeExactly');
    expect(asked.runs).not.toContain('slopeByRules');
    const attacks = [{ name: 'pgd', epsilons: [8], steps: 3 }];
    const whole = await run({ fields: { genotype, robustness: { pictures: 12, attacks } } });
    const { robustness } = resultOf(whole.outcome);
    const exact = robustness?.attacks.find(({ signal }) => signal === 'exact');
    expect(metricsOf(asked).robustAccuracy).toBe(exact?.accuracy);
  });

  test('of a trainer that is asked to end meanwhile is measured by the next, the same', async () => {
    const fields = { measures: { robustAccuracy } };
    const whole = await run({ fields });
    const directory = await makeDirectory();
    const stopAt = (number: number) => whole.runs[number] === 'slopeExactly';
    const first = await run({ fields, directory, stopAt });
    expect(first.outcome).toEqual({ kind: 'interrupted', epoch: 1 });
    const second = await run({ fields, directory });
    expect(second.runs).not.toContain('train');
    expect(metricsOf(second).robustAccuracy).toBe(metricsOf(whole).robustAccuracy);
  });
});

describe.skipIf(tensorFlow === undefined)('a trial', () => {
  test('times the median of passes after those that warm up', async () => {
    const asked = await run({ fields: { measures: { latency: { batchSize: 4, runs: 10 } } } });
    expect(asked.runs.filter((entry) => entry === 'latency')).toHaveLength(12);
    // The clock of these tests ticks once a look.
    expect(metricsOf(asked).latency).toBe(0.001);
  });

  test('learns the same whatever was looked at before', async () => {
    const measures = { synflow: true, alignmentAtInit: true };
    const constraints = [{ metric: 'parameters', max: 1e9 }];
    const looked = await run({ fields: { measures, constraints } });
    const plain = await run({ fields: {} });
    const { synflow, alignmentAtInit, ...others } = metricsOf(looked);
    expect(synflow).toBeGreaterThan(0);
    expect(alignmentAtInit).toBeGreaterThan(0);
    expect(others).toMatchObject({ accuracy: metricsOf(plain).accuracy });
    expect(resultOf(looked.outcome).epochs[0]?.loss).toBe(resultOf(plain.outcome).epochs[0]?.loss);
    expect(plain.runs).toEqual(looked.runs.slice(2));
    expect(metricsOf(plain)).not.toHaveProperty('robustAccuracy');
  });
});

/** Batch norm is left out there, and here divides by the root of 1 + 1e-5. */
const WITHIN = 1e-3;

describe.skipIf(tensorFlow === undefined || !hasTorchPython)('synflow', () => {
  test('is that of PyTorch', async () => {
    if (tensorFlow === undefined) return;
    const executor = tensorFlow;
    const place = await makeDirectory();
    const names = ['lenet', 'resnet-20', 'nb201', 'darts'];
    const scores: number[] = [];
    for (const name of names) {
      const { genotype, shape } = SMALL_NETWORKS[name]!;
      const fields = { genotype, shape, dataset: { name: 'mnist' }, measures: { synflow: true } };
      const spec = makeTrialSpec({ epochs: 1, batchSize: 2 }, fields);
      const openData = async () => syntheticData(spec);
      for await (const step of takeSteps(spec, { executor, openData }))
        await writeStep(join(place, name), step);
      const opened = await openData();
      const trained = await openNetwork(spec, opened, { executor, directory: '' });
      scores.push((await earlyMetrics(trained, opened.data)).synflow ?? Number.NaN);
      trained.session.close();
    }
    const script = 'scripts/check-synflow-with-pytorch.py';
    const said = await runTorchPython([script, ...names.map((name) => join(place, name))]);
    const theirs = said.trim().split('\n').map(Number);
    expect(theirs).toHaveLength(names.length);
    for (const [k, score] of scores.entries())
      expect(Math.abs(score / theirs[k]! - 1), names[k]).toBeLessThan(WITHIN);
  });
});
