// What is known of a network before its first step: synflow by hand, alignment of rules that are, and trials that it rules out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type LearningRuleName, parseGenotype } from '../../../crds/index.ts';
import { createReferenceExecutor, type Session } from '../../../trainer/executors/index.ts';
import { type Network, underItsHead } from '../../../trainer/network/index.ts';
import { dense, flatten, relu, sequential } from '../../../trainer/primitives/index.ts';
import { earlyMetrics } from '../../../trainer/training/early-metrics.ts';
import {
  buildStepProgram,
  initialValues,
  runTrial,
  type Trained,
} from '../../../trainer/training/index.ts';
import { openNetwork } from '../../../trainer/training/open-network.ts';
import { convertedTo, SMALL_NETWORKS } from '../../builders/networks.ts';
import { makePorts, makeTrialSpec, openMadeUp, TASK, watched } from '../../builders/training.ts';

const { genotype: NB201 } = SMALL_NETWORKS['nb201']!;

/** Two dense layers with a ReLU between them, not trained yet, in a session that the test may change. */
async function chain(change: (session: Session) => Session = (session) => session) {
  const spec = makeTrialSpec({}, { measures: { synflow: true } });
  const { statistics, data, classes } = openMadeUp(spec);
  const layers = sequential(
    ['flatten', flatten],
    ['a', dense(5)],
    ['relu', relu],
    ['b', dense(TASK.classes)],
  );
  const network: Network = underItsHead(TASK, (at, pictures) => {
    const { y, backward } = layers(at, pictures);
    return { logits: y.value, backward };
  });
  const { training, measures } = spec;
  const plan = { network, task: TASK, statistics, training, evaluationBatch: 1, measures };
  const step = buildStepProgram(plan);
  const session = change(await createReferenceExecutor().open(step.program));
  const genotype = parseGenotype(spec.genotype);
  const trained: Trained = {
    ...{ spec, genotype, network, task: TASK, classes, statistics, session, step, directory: '' },
  };
  return { trained, data };
}

/** 2 R: each of the two layers carries all of the flow R = 1 |A| |B| 1. */
function flowTwice({ step, spec }: Trained): number {
  const values = initialValues(step.variables.all, spec.seed);
  const columns = (name: string, [rows, width]: readonly [number, number], from: number[]) =>
    Array.from({ length: width }, (_, j) =>
      Array.from({ length: rows }, (__, i) => i).reduce(
        (sum, i) => sum + (from[i] ?? 0) * Math.abs(values[name]?.data[i * width + j] ?? 0),
        0,
      ),
    );
  const size = TASK.height * TASK.width * TASK.channels;
  const hidden = columns('a/weight', [size, 5], Array(size).fill(1));
  const logits = columns('b/weight', [5, TASK.classes], hidden);
  return 2 * logits.reduce((sum, each) => sum + each, 0);
}

describe('synflow', () => {
  test('of a chain is the flow through it, once a layer', async () => {
    const { trained, data } = await chain();
    const { synflow = Number.NaN } = await earlyMetrics(trained, data);
    expect(synflow / flowTwice(trained)).toBeCloseTo(1, 6);
  });

  test('is the same where numbers were too large at first', async () => {
    const asked: number[] = [];
    const { trained, data } = await chain((session) => ({
      ...session,
      description: session.description,
      write: (values) => session.write(values),
      run: async (entry, inputs) => {
        const scale = inputs['pictures']?.data[0] ?? 0;
        asked.push(scale);
        const outputs = await session.run(entry, inputs);
        const score = { dtype: 'float32', shape: [], data: Float32Array.of(Infinity) } as const;
        return scale > 1e-20 ? { score } : outputs;
      },
    }));
    const { synflow = Number.NaN } = await earlyMetrics(trained, data);
    expect(asked).toHaveLength(3);
    expect(synflow / flowTwice(trained)).toBeCloseTo(1, 6);
  });

  test.each([
    ['resnet-20', 1e3],
    ['darts', 1],
    ['nb201 that learns locally', 1],
    ['nb201 of nothing', 0],
  ])('of %s is at least %d, and the same under other rules', async (name, least) => {
    const { genotype, shape } = SMALL_NETWORKS[name]!;
    const scores = await Promise.all(
      [genotype, convertedTo('FA', genotype)].map(async (text) => {
        const spec = makeTrialSpec({}, { genotype: text, shape, measures: { synflow: true } });
        const opened = openMadeUp(spec);
        const ports = makePorts('', createReferenceExecutor());
        return earlyMetrics(await openNetwork(spec, opened, ports), opened.data);
      }),
    );
    const [one, other] = scores.map(({ synflow }) => synflow ?? Number.NaN);
    expect(one).toBeGreaterThanOrEqual(least);
    expect(other).toBe(one);
  });
});

describe('alignment at initialisation', () => {
  const alignmentUnder = async (rule: LearningRuleName) => {
    const fields = { genotype: convertedTo(rule, NB201), measures: { alignmentAtInit: true } };
    const spec = makeTrialSpec({ batchSize: 4, alignment: false }, fields);
    const opened = openMadeUp(spec);
    const trained = await openNetwork(spec, opened, makePorts('', createReferenceExecutor()));
    return (await earlyMetrics(trained, opened.data)).alignmentAtInit ?? Number.NaN;
  };

  test('is 1 under backpropagation, less under sign feedback, least under random feedback', async () => {
    expect(await alignmentUnder('BP')).toBeCloseTo(1, 6);
    const [sign, random] = [await alignmentUnder('uSF'), await alignmentUnder('FA')];
    expect(sign).toBeLessThan(0.999);
    expect(random).toBeLessThan(sign);
    expect(random).toBeGreaterThan(-1);
  });
});

describe('a trial with constraints', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'early-'));
    onTestFinished(() => rm(directory, { recursive: true }));
  });

  const run = async (fields: Record<string, unknown>) => {
    const spec = makeTrialSpec({ epochs: 1, batchSize: 4 }, fields);
    const { executor, runs } = watched(createReferenceExecutor());
    const log: string[] = [];
    const ports = makePorts(directory, executor, { log: (line) => log.push(line) });
    const outcome = await runTrial(spec, ports);
    if (outcome.kind !== 'result') throw new Error('interrupted');
    return { result: outcome.result, runs, log };
  };

  test('is not trained where its size is outside of them', async () => {
    const constraints = [
      { metric: 'parameters', max: 10 },
      { metric: 'accuracy', min: 0.99 },
    ];
    const { result, runs, log } = await run({ constraints });
    const { parameters, macs } = result.metrics;
    expect(runs).toEqual([]);
    expect(result).toMatchObject({ outcome: 'Infeasible', epochs: [], artifacts: {} });
    expect(result.metrics).toEqual({ parameters, macs, picturesPerSecond: 0, seconds: 0.001 });
    expect(log).toEqual([`not trained: parameters ${parameters} is above max 10`]);
  });

  test('is not trained where a score is, and says which it has', async () => {
    const fields = {
      measures: { synflow: true, alignmentAtInit: true },
      constraints: [{ metric: 'alignmentAtInit', min: 0.999 }],
    };
    const { result, runs } = await run(fields);
    expect(runs).toEqual(['synflow', 'align']);
    expect(result.outcome).toBe('Infeasible');
    expect(result.metrics.synflow).toBeGreaterThan(0);
    expect(result.metrics.alignmentAtInit).toBeLessThan(0.999);
  });
});
