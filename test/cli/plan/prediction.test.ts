import { describe, expect, test } from 'vitest';
import {
  amongWorkers,
  costModel,
  type Measured,
  misfitOf,
  spreadOver,
} from '../../../cli/plan/cost-model.ts';
import {
  type Costed,
  makespan,
  predictionOf,
  type Stage,
  secondsOf,
} from '../../../cli/plan/prediction.ts';
import { makeSearch } from '../../builders/objects.ts';

const measured = (macs: number, stepSeconds: number): Measured => ({
  genotype: `of ${macs}`,
  macs,
  stepSeconds,
  idleShare: 0,
  evaluationSeconds: stepSeconds,
  epochSeconds: 0.5,
  startSeconds: 2,
  steps: 10,
  evaluationBatches: 4,
  peakBytes: 1000 * macs,
  keptBytes: 100,
});

describe('what a network takes', () => {
  test('follows the line through those that were measured', () => {
    const model = costModel([measured(10, 0.1), measured(30, 0.3)]);
    expect(model(20).stepSeconds).toBeCloseTo(0.2);
    expect(model(40)).toMatchObject({ epochSeconds: 0.5, startSeconds: 2 });
  });

  test.each([
    ['is never less than the least', [measured(10, 0.1), measured(30, 0.3)], 0, 0.1],
    ['is that of the only one', [measured(10, 0.1)], 1000, 0.1],
    ['does not fall with size', [measured(10, 0.3), measured(30, 0.1)], 100, 0.2],
  ])('%s', (_story, networks, macs, expected) => {
    expect(costModel(networks)(macs).stepSeconds).toBeCloseTo(expected);
  });

  test('is shared by workers with a device each, but for their starts', () => {
    const one = { stepSeconds: 0.4, evaluationSeconds: 0.2, epochSeconds: 1, startSeconds: 5 };
    expect(amongWorkers(one, 4)).toEqual({ ...one, stepSeconds: 0.1, evaluationSeconds: 0.05 });
    expect(amongWorkers(one, 1)).toEqual(one);
  });

  test('is far off where steps are not in proportion', () => {
    const networks = [measured(10, 0.1), measured(20, 0.4), measured(30, 0.1)];
    expect(misfitOf(networks, costModel(networks))).toBeCloseTo(1);
  });
});

test('the smallest and the largest are measured, and what lies between', () => {
  const sizes = [5, 1, 9, 3, 7].map((macs) => ({ macs }));
  const macsOf = (count: number) => spreadOver(sizes, count).map(({ macs }) => macs);
  expect(macsOf(3)).toEqual([1, 5, 9]);
  expect(macsOf(100)).toEqual([1, 3, 5, 7, 9]);
  expect(spreadOver([], 3)).toEqual([]);
});

const costed = (overrides: Partial<Costed> = {}): Costed => ({
  cost: { stepSeconds: 0.1, evaluationSeconds: 0.2, epochSeconds: 1, startSeconds: 5 },
  epochs: 3,
  starts: 1,
  batchSize: 64,
  pictures: { training: 650, scoring: 500 },
  scoresEpochs: true,
  ...overrides,
});

describe('a training', () => {
  test('is its steps, evaluations, ends of epochs and starts', () => {
    // 10 whole batches of 64, 2 batches of 250.
    expect(secondsOf(costed())).toBeCloseTo(3 * (10 * 0.1 + 2 * 0.2 + 1) + 5);
  });

  test('that is promoted starts again', () => {
    expect(secondsOf(costed({ starts: 3 })) - secondsOf(costed())).toBeCloseTo(10);
  });

  test('of the final stage is tested once', () => {
    expect(secondsOf(costed({ scoresEpochs: false }))).toBeCloseTo(3 * (10 * 0.1 + 1) + 0.4 + 5);
  });
});

test.each([
  [[3, 1, 1, 1], 2, 3],
  [[3, 1, 1, 1], 1, 6],
  [[3, 1], 8, 3],
  [[], 2, 0],
])('trainings of %j s end, %i at once, after %i s', (seconds, slots, expected) => {
  expect(makespan(seconds, slots)).toBe(expected);
});

describe('the budget', () => {
  const stage = (deviceSeconds: number): Stage => ({
    trainings: 10,
    epochs: 10,
    deviceSeconds,
    clockSeconds: deviceSeconds / 2,
    misfit: 0,
    measured: [measured(10, 0.1)],
  });
  const limits = (budget: object) =>
    predictionOf(
      makeSearch({ budget: { trials: 10, ...budget } }).spec,
      { search: stage(36_000), final: stage(3600) },
      { slots: 2, price: 2 },
    );

  test('is not spoken of where it suffices', () => {
    expect(limits({ gpuHours: 11, wallClock: '5h30m' }).limits).toEqual([]);
  });

  test.each([
    [{ gpuHours: 6 }, 'budget.gpuHours 6: enough for about 5 of 10 trials beside the final stage'],
    [{ wallClock: '2h' }, 'budget.wallClock 2h: enough for about 4 of 10 trials'],
  ])('%j ends the search early', (budget, expected) => {
    expect(limits(budget).limits).toEqual([expected]);
  });

  test('has a price by device time', () => {
    expect(limits({})).toMatchObject({ deviceSeconds: 39_600, price: 22, keptBytes: 2000 });
  });
});
