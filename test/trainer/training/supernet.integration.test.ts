// A supernet as a Trial: what it reports, that it may be stopped anywhere, and how it ends before it collapses.
import { describe, expect, test } from 'vitest';
import { parseGenotype, printGenotype, TrialResult, type TrialSpec } from '../../../crds/index.ts';
import type { Executor } from '../../../trainer/executors/index.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeSupernetSpec } from '../../builders/training.ts';
import { makeDirectory, resultOf, runWatched, withoutTime } from '../../builders/trial-runs.ts';

const executor = tensorFlow as Executor;
const SPEC = makeSupernetSpec(
  { augmentation: { crop: 2, flip: true, cutout: 3 }, optimizer: { learningRate: 0.01 } },
  { alphaLearningRate: 0.05, partialChannels: 2 },
);
/** Two epochs of two steps: train, train, evaluate. */
const RUNS = ['train', 'train', 'evaluate', 'train', 'train', 'evaluate'];

/** What comes of it undisturbed. */
let undisturbed: Promise<TrialResult> | undefined;
const whole = () =>
  (undisturbed ??= makeDirectory().then(async (directory) =>
    resultOf((await run(directory)).outcome),
  ));

const run = (directory: string, spec: TrialSpec = SPEC, stopBefore = Infinity) =>
  runWatched(directory, { spec, executor, stopBefore });

describe.skipIf(tensorFlow === undefined)('a supernet trial', () => {
  test('says that half of the pictures are too few for a batch', async () => {
    const spec = makeSupernetSpec({ batchSize: 41 });
    await expect(run(await makeDirectory(), spec)).rejects.toThrow(
      'training.batchSize: expected at most half the number of training pictures (the other half is for the architecture), got 41',
    );
  });

  test('reports a genotype, entropy and skips of each epoch, and leaves a checkpoint', async () => {
    const { outcome, runs } = await run(await makeDirectory());
    const result = resultOf(outcome);
    expect(runs).toEqual(RUNS);
    expect(TrialResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const { derived } of result.epochs) {
      const { genotype = '', entropy, skips } = derived ?? {};
      expect(printGenotype(parseGenotype(genotype))).toBe(genotype);
      expect(entropy?.normal).toBeGreaterThan(0.5);
      expect(genotype.match(/skip_connect/g)?.length ?? 0).toBe(
        (skips?.normal ?? 0) + (skips?.reduce ?? 0),
      );
    }
    expect(result.supernet).toMatchObject({
      epoch: 2,
      genotype: result.epochs.at(-1)?.derived?.genotype,
    });
    expect(result.supernet?.parameters).toBeGreaterThan(result.metrics.parameters);
    expect(Object.keys(result.artifacts)).toEqual(['checkpoint']);
  });

  // One that is asked to end in its last evaluation of one batch has its result by then.
  test.each([1, 2, 3, 4])('stopped before run %i, it ends with the very numbers', async (k) => {
    const directory = await makeDirectory();
    expect((await run(directory, SPEC, k)).outcome.kind).toBe('interrupted');
    const resumed = withoutTime(resultOf((await run(directory)).outcome));
    expect(resumed).toEqual(withoutTime(await whole()));
  });

  test('warms up without steps of alpha', async () => {
    const spec = makeSupernetSpec({}, { warmupEpochs: 1 });
    const { outcome, runs } = await run(await makeDirectory(), spec);
    expect(runs).toEqual(['warmup', 'warmup', 'evaluate', 'train', 'train', 'evaluate']);
    const [first] = resultOf(outcome).epochs;
    expect(first?.derived?.entropy?.normal).toBeCloseTo(1, 5);
  });

  test('says the dominant eigenvalue of each epoch, the same where it was stopped on the way', async () => {
    const spec = makeSupernetSpec({}, { eigenvalueSteps: 2 });
    const [whole, stopped] = [await makeDirectory(), await makeDirectory()];
    const { outcome, runs } = await run(whole, spec);
    const slopes = Array(4).fill('slopes');
    expect(runs).toEqual([...RUNS.slice(0, 3), ...slopes, ...RUNS.slice(3), ...slopes]);
    const result = resultOf(outcome);
    for (const { derived } of result.epochs) expect(derived?.eigenvalue).not.toBe(0);
    expect((await run(stopped, spec, 5)).outcome.kind).toBe('interrupted');
    const resumed = resultOf((await run(stopped, spec)).outcome);
    expect(withoutTime(resumed)).toEqual(withoutTime(result));
  });

  test('ends where its cell collapses, with what it had the epoch before', async () => {
    const collapsing = (maximumSkips: number) =>
      makeSupernetSpec({ epochs: 4 }, { operations: ['skip_connect'], maximumSkips });
    const held = resultOf((await run(await makeDirectory(), collapsing(8))).outcome);
    expect(held.epochs).toHaveLength(4);
    const { epochs, supernet, metrics } = resultOf(
      (await run(await makeDirectory(), collapsing(7))).outcome,
    );
    expect(epochs).toHaveLength(1);
    expect(supernet?.epoch).toBe(1);
    expect(metrics.accuracy).toBe(epochs[0]?.validationAccuracy);
  });

  test('a loss that is no number ends it, diverged, with nothing derived', async () => {
    const { training, ...rest } = makeSupernetSpec({ regularisation: { gradientClip: 0 } });
    const optimizer = { ...training.optimizer, learningRate: 1e30 };
    const wild = { ...rest, training: { ...training, optimizer } };
    const result = resultOf((await run(await makeDirectory(), wild)).outcome);
    expect(result).toMatchObject({ outcome: 'Diverged', artifacts: {} });
    expect(result.supernet).toBeUndefined();
  });
});
