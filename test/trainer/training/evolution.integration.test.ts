// A supernet whose alpha evolves, as a Trial: when it evolves, that it may be stopped anywhere, also within, and that it beats meanwhile.
import { describe, expect, test } from 'vitest';
import type { TrialSpec } from '../../../crds/index.ts';
import type { Executor } from '../../../trainer/executors/index.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeSupernetSpec } from '../../builders/training.ts';
import { makeDirectory, resultOf, runWatched, withoutTime } from '../../builders/trial-runs.ts';

const executor = tensorFlow as Executor;
const EVOLUTION = { samples: 2, population: 2, generations: 2, alphaStep: 1, fitnessBatches: 2 };
const specOf = (evolution: object, warmupEpochs = 1): TrialSpec =>
  makeSupernetSpec(
    {
      epochs: 3,
      augmentation: { crop: 2, flip: true, cutout: 3 },
      optimizer: { learningRate: 0.01 },
    },
    { none: false, partialChannels: 2, warmupEpochs, evolution },
  );
const SPEC = specOf(EVOLUTION);
const EPOCH = ['train', 'train', 'evaluate'];
/** Alpha and 2 * 2 * 2 candidates on two batches. */
const EVOLVES: string[] = Array(9 * 2).fill('candidate');
const RUNS = [...EPOCH, ...EVOLVES, ...EPOCH, ...EVOLVES, ...EPOCH];

const run = (directory: string, { spec = SPEC, stopBefore = Infinity } = {}) =>
  runWatched(directory, { spec, executor, stopBefore });

let undisturbed: ReturnType<typeof run> | undefined;
const whole = () => (undisturbed ??= makeDirectory().then((directory) => run(directory)));

describe.skipIf(tensorFlow === undefined)('a supernet whose alpha evolves', () => {
  test('does so at the start of each epoch after the warm-up', async () => {
    const { outcome, runs } = await whole();
    expect(runs).toEqual(RUNS);
    const [warm, second, third] = resultOf(outcome).epochs.map(
      ({ derived }) => derived?.entropy?.normal ?? Number.NaN,
    );
    expect(warm).toBeCloseTo(1, 5);
    expect(second).toBeLessThan(0.9999);
    expect(third).toBeLessThan(second!);
  });

  // At the first candidate, at the last, at the first step after it, and at the last of all.
  test.each([3, 20, 21, 43])('stopped before run %i, it ends with the very numbers', async (k) => {
    const directory = await makeDirectory();
    expect((await run(directory, { stopBefore: k })).outcome.kind).toBe('interrupted');
    const resumed = withoutTime(resultOf((await run(directory)).outcome));
    expect(resumed).toEqual(withoutTime(resultOf((await whole()).outcome)));
  });

  test('read literally, asks about one generation on one batch', async () => {
    const spec = specOf({ ...EVOLUTION, literal: true });
    const { runs } = await run(await makeDirectory(), { spec });
    expect(runs.filter((entry) => entry === 'candidate')).toHaveLength(2 * 3);
  });

  test('is heard of while it evolves', async () => {
    const { heardAfter } = await whole();
    expect(heardAfter.filter((entry) => entry === 'candidate').length).toBeGreaterThan(10);
  });
});
