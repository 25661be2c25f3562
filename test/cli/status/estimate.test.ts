// The time left: told from what is known, and from nothing that is not.
import { expect, test } from 'vitest';
import { doneShare, type EstimateInput, remainingSeconds } from '../../../cli/status/index.ts';
import { type Progress, Trial } from '../../../crds/index.ts';
import { makeTrialManifest } from '../../builders/manifest.ts';
import { condition, makeSearch } from '../../builders/search-result.ts';

const trial = (index: number, spec: Record<string, unknown> = {}, status = {}): Trial =>
  Trial.parse({
    ...makeTrialManifest({ index, ...spec }),
    metadata: { name: `night-${index}`, uid: `uid-${index}` },
    status,
  });
const done = (index: number) =>
  trial(index, {}, { deviceSeconds: 60, conditions: [condition('Succeeded', 'Trained', '')] });
const final = { purpose: 'Final', training: { epochs: 2, batchSize: 50 } };
const progress = (overrides: Partial<Progress> = {}): Progress => ({
  epoch: 0,
  epochs: 2,
  step: 0,
  steps: 100,
  ...overrides,
});

function estimate(overrides: Partial<EstimateInput> = {}, spec: Record<string, unknown> = {}) {
  const status = { trials: { proposed: 3, succeeded: 2 }, deviceSeconds: 120 };
  const search = makeSearch(status, {
    budget: { trials: 10 },
    dataset: { name: 'mnist', trainPictures: 10_000 },
    final: { topK: 0 },
    ...spec,
  });
  const input = { search, trials: [], progressOf: () => undefined, slots: 2, elapsedSeconds: 70 };
  return remainingSeconds({ ...input, ...overrides });
}

test('nothing is told before a trial has ended', () => {
  expect(estimate({ trials: [trial(0)] })).toBeUndefined();
});

test('open trials cost what ended ones did, over the slots', () => {
  // 8 open trials of 60 s, two at once.
  expect(estimate({ trials: [done(0), done(1)] })).toBe(240);
});

test('what a running trial has done counts', () => {
  const trials = [done(0), done(1), trial(2)];
  const progressOf = ({ spec }: Trial) => (spec.index === 2 ? progress({ epoch: 1 }) : undefined);
  expect(estimate({ trials, progressOf })).toBe(225);
});

test('the final stage is foreseen: six times the pictures, twice the epochs', () => {
  const spec = { training: { epochs: 1 }, final: { topK: 1, training: { epochs: 2 } } };
  expect(estimate({ trials: [done(0)] }, spec)).toBe(240 + (12 * 60) / 2);
});

test('a part of a data set has its share of the pictures', () => {
  const dataset = { name: 'imagenet', classes: 100, trainPictures: 128_117 };
  const spec = { dataset, training: { epochs: 1 }, final: { topK: 1, training: { epochs: 2 } } };
  expect(estimate({ trials: [done(0)] }, spec)).toBeCloseTo(240 + (2 * 60) / 2, 2);
});

test('supernets tell how long supernets take, not what they derive', () => {
  const supernet = { kind: 'Supernet', genotype: 'supernet 1' };
  const waiting = trial(1, { ...supernet, supernet: { learningRules: ['FA'] } });
  const spec = { training: { epochs: 1 }, final: { topK: 1, training: { epochs: 2 } } };
  expect(estimate({ trials: [done(0), waiting] }, spec)).toBe(240);
});

test.each([
  [{ trials: 10, wallClock: '100s' }, 30],
  [{ trials: 10, gpuHours: 0.05 }, 30],
])('the budget %j ends it earlier', (budget, seconds) => {
  expect(estimate({ trials: [done(0)] }, { budget })).toBe(seconds);
});

test('final networks take what their rate says', () => {
  // 2 epochs of 5,000 pictures, a quarter done, at 100 a second.
  const progressOf = () => progress({ step: 50, picturesPerSecond: 100 });
  expect(estimate({ trials: [trial(9, final)], progressOf })).toBe(75);
});

test('a final network that has not begun costs what the others do', () => {
  const progressOf = ({ spec }: Trial) =>
    spec.index === 9 ? progress({ picturesPerSecond: 100 }) : undefined;
  const trials = [trial(9, final), trial(10, final), trial(11, final)];
  expect(estimate({ trials, progressOf })).toBe(150);
});

test('final trials that are not begun yet cost what those that ended did', () => {
  const ended = { deviceSeconds: 100, conditions: [condition('Succeeded', 'Trained', '')] };
  const spec = { final: { topK: 1, seeds: 2, controls: { rules: ['BP', 'FA'] } } };
  const best = [{ trial: 'night-1', index: 1, genotype: 'g', objectives: [0.5] }];
  const search = makeSearch({ best }, spec);
  const progressOf = ({ spec: { index } }: Trial) =>
    index === 10 ? progress({ picturesPerSecond: 100 }) : undefined;
  const trials = [trial(9, final, ended), trial(10, final)];
  // Of six: one has ended, one has 100 s before it, four are to come; two at once.
  expect(estimate({ search, trials, progressOf })).toBe((100 + 4 * 100) / 2);
  expect(estimate({ search, trials: [trial(9, final)] })).toBeUndefined();
});

test('the search foresees seeds and controls', () => {
  const spec = { final: { topK: 1, seeds: 2, controls: { rules: ['BP'] } } };
  expect(estimate({ trials: [done(0)] }, spec)).toBe(240 + (4 * 6 * 60) / 2);
});

test.each([
  [undefined, 0],
  [progress({ epoch: 1, step: 50 }), 0.75],
  [progress({ epoch: 2 }), 1],
  [progress({ epoch: 2, step: 50 }), 1],
])('share done of %j', (at, share) => {
  expect(doneShare(at)).toBe(share);
});
