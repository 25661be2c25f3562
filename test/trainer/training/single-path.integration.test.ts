// A supernet of single paths, as a Trial: what a step trains, that it may be stopped anywhere, also in the search, and what it finds.
import { describe, expect, test } from 'vitest';
import { TrialResult, type TrialSpec } from '../../../crds/index.ts';
import type { Executor } from '../../../trainer/executors/index.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { makeSupernetSpec, watched } from '../../builders/training.ts';
import { makeDirectory, resultOf, runWatched, withoutTime } from '../../builders/trial-runs.ts';

const executor = tensorFlow as Executor;
const SEARCH = { population: 3, generations: 2, parents: 2, judgedPictures: 30 };
const specOf = (singlePath: object = {}, more: object = {}): TrialSpec =>
  makeSupernetSpec(
    {
      augmentation: { crop: 2, flip: true, cutout: 3 },
      optimizer: { learningRate: 0.01 },
    },
    {
      none: false,
      singlePath: { ...SEARCH, calibrationBatches: 2, ...singlePath },
      ...more,
    },
  );
const SPEC = specOf();
const JUDGED = ['calibrate', 'calibrate', 'evaluate'];
const EPOCH = ['train', 'train', ...JUDGED];
/** Two epochs, 3 * 2 paths, and the best one on the held-out pictures. */
const RUNS = [
  ...EPOCH,
  ...EPOCH,
  ...Array(6 + 1)
    .fill(JUDGED)
    .flat(),
];

const run = (directory: string, { spec = SPEC, stopBefore = Infinity, on = executor } = {}) =>
  runWatched(directory, { spec, executor: on, stopBefore });

let undisturbed: ReturnType<typeof run> | undefined;
const whole = () => (undisturbed ??= makeDirectory().then((directory) => run(directory)));

describe.skipIf(tensorFlow === undefined)('a supernet of single paths', () => {
  test('trains, judges as many paths as it was told, and scores the best on held-out pictures', async () => {
    const { outcome, runs } = await whole();
    const result = resultOf(outcome);
    expect(runs).toEqual(RUNS);
    expect(TrialResult.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const { genotype, judged, parameters = 0 } = result.supernet ?? {};
    expect(genotype).toMatch(/^darts;normal=/);
    expect(judged?.paths).toBe(6);
    // Of the search, too: the clock goes on by 0.4 s whenever it is asked.
    expect(result.metrics.seconds).toBeGreaterThan(
      result.epochs.reduce((sum, { seconds }) => sum + seconds, 0) + 6 * 0.4 - 1e-9,
    );
    expect(judged?.accuracy).toBeGreaterThanOrEqual(judged?.mean ?? 1);
    expect(result.epochs.map(({ derived }) => derived?.genotype)).toEqual([undefined, genotype]);
    expect(result.metrics.accuracy).toBeDefined();
    expect(parameters).toBeGreaterThan(result.metrics.parameters);
    expect(Object.keys(result.artifacts)).toEqual(['checkpoint']);
  });

  // In the evaluation of an epoch, at the first path, within the second one, and within the last judgement of all.
  test.each([3, 10, 14, 29])('stopped before run %i, it ends with the very numbers', async (k) => {
    const directory = await makeDirectory();
    expect((await run(directory, { stopBefore: k })).outcome.kind).toBe('interrupted');
    const resumed = withoutTime(resultOf((await run(directory)).outcome));
    expect(resumed).toEqual(withoutTime(resultOf((await whole()).outcome)));
  });

  test('judges no path twice, also where it was stopped between two', async () => {
    const directory = await makeDirectory();
    const first = await run(directory, { stopBefore: 10 + 3 * 3 });
    const second = await run(directory);
    const judged = (runs: readonly string[]) => runs.filter((each) => each === 'evaluate').length;
    expect(judged(first.runs) + judged(second.runs)).toBe(judged(RUNS));
  });

  test('killed in its search, it ends with the very numbers', async () => {
    const directory = await makeDirectory();
    const { executor: dying } = watched(executor, (k) => {
      if (k === 17) throw new Error('killed');
    });
    await expect(run(directory, { on: dying })).rejects.toThrow('killed');
    const resumed = withoutTime(resultOf((await run(directory)).outcome));
    expect(resumed).toEqual(withoutTime(resultOf((await whole()).outcome)));
  });

  test('random search judges as many, of the same supernet', async () => {
    const { outcome, runs } = await run(await makeDirectory(), {
      spec: specOf({ search: 'random' }),
    });
    expect(runs).toEqual(RUNS);
    const [random, evolved] = [outcome, (await whole()).outcome].map(resultOf);
    const losses = (result: typeof random) => result?.epochs.map(({ loss }) => loss);
    expect(losses(random)).toEqual(losses(evolved));
  });

  test('finds no cell with more skips than it may have', async () => {
    const spec = specOf({ population: 6 }, { maximumSkips: 0 });
    const { outcome } = await run(await makeDirectory(), { spec });
    expect(resultOf(outcome).supernet?.genotype).toMatch(/normal=[^;]*dil_conv/);
    expect(resultOf(outcome).epochs.at(-1)?.derived?.skips.normal).toBe(0);
  });

  test('says that no path is left where skips are all there is', async () => {
    const spec = specOf({}, { operations: ['skip_connect'], maximumSkips: 3 });
    await expect(run(await makeDirectory(), { spec })).rejects.toThrow('supernet.maximumSkips');
  });

  test('is heard of while it searches', async () => {
    const { heardAfter } = await whole();
    expect(heardAfter.filter((entry) => entry === 'evaluate').length).toBeGreaterThan(2);
  });

  test('a loss that is no number ends it, diverged, with nothing found', async () => {
    const { training, ...rest } = specOf();
    const optimizer = { ...training.optimizer, learningRate: 1e30 };
    const regularisation = { ...training.regularisation, gradientClip: 0 };
    const spec = { ...rest, training: { ...training, optimizer, regularisation } };
    const result = resultOf((await run(await makeDirectory(), { spec })).outcome);
    expect(result).toMatchObject({ outcome: 'Diverged', artifacts: {} });
    expect(result.supernet).toBeUndefined();
  });
});
