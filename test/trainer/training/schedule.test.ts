import { expect, test } from 'vitest';
import { Schedule, type Training } from '../../../crds/index.ts';
import { learningRateAt } from '../../../trainer/training/schedule.ts';

/** Rates of all steps: 4 epochs of 2 steps, peak 0.8. */
const rates = (schedule: Partial<Training['schedule']>): number[] =>
  Array.from({ length: 8 }, (_, step) =>
    learningRateAt(step, {
      schedule: Schedule.parse(schedule),
      peak: 0.8,
      epochs: 4,
      stepsPerEpoch: 2,
    }),
  );
const cosine = (done: number) => 0.4 * (1 + Math.cos(Math.PI * done));

test.each<[string, Partial<Training['schedule']>, number[]]>([
  ['constant', { name: 'constant' }, Array(8).fill(0.8)],
  ['linear', { name: 'linear' }, [0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]],
  [
    'linear to a minimum',
    { name: 'linear', minimum: 0.4 },
    [0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45],
  ],
  ['cosine', { name: 'cosine' }, [0, 1, 2, 3, 4, 5, 6, 7].map((step) => cosine(step / 8))],
  [
    'step',
    { name: 'step', milestones: [1, 3], gamma: 0.5 },
    [0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2],
  ],
  ['exponential', { name: 'exponential', gamma: 0.5 }, [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.1]],
  [
    'warm-up of two epochs, then exponential',
    { name: 'exponential', gamma: 0.5, warmupEpochs: 2 },
    [0.2, 0.4, 0.6, 0.8, 0.2, 0.2, 0.1, 0.1],
  ],
  [
    'warm-up of an epoch, then constant',
    { name: 'constant', warmupEpochs: 1 },
    [0.4, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8],
  ],
  [
    'warm-up of two epochs, then linear',
    { name: 'linear', warmupEpochs: 2 },
    [0.2, 0.4, 0.6, 0.8, 0.8, 0.6, 0.4, 0.2],
  ],
  [
    'warm-up of half an epoch, then cosine',
    { name: 'cosine', warmupEpochs: 0.5 },
    [0.8, ...[0, 1, 2, 3, 4, 5, 6].map((step) => cosine(step / 7))],
  ],
  [
    'a warm-up as long as the training',
    { name: 'cosine', warmupEpochs: 4 },
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => step / 10),
  ],
])('%s', (_name, schedule, expected) => {
  rates(schedule).forEach((rate, step) => void expect(rate).toBeCloseTo(expected[step] ?? -1, 12));
});

test('the curve belongs to the full length, however far a trial trains', () => {
  const context = { schedule: Schedule.parse({}), peak: 1, epochs: 100, stepsPerEpoch: 10 };
  expect(learningRateAt(10, context)).toBeGreaterThan(0.99);
});
