// What keeps a search from one more proposal, and in which order.
import { expect, test } from 'vitest';
import {
  type BudgetInput,
  mayPromote,
  mayPropose,
  mayTrainFinal,
} from '../../../operator/search/index.ts';

type Spec = BudgetInput['spec'];

interface Case extends Partial<Omit<BudgetInput, 'spec'>> {
  readonly spec?: Partial<Omit<Spec, 'budget'>>;
  readonly budget?: Partial<Spec['budget']>;
}

function makeInput({ spec, budget, ...facts }: Case = {}): BudgetInput {
  return {
    spec: {
      budget: { trials: 50, failedTrials: 5, ...budget },
      objectives: [{ metric: 'accuracy', goal: 'maximize' }],
      parallelism: 4,
      suspend: false,
      ...spec,
    },
    counts: { proposed: 10, failed: 0 },
    elapsedMs: 60_000,
    deviceSeconds: 600,
    outstanding: 3,
    leaders: [[0.8]],
    ...facts,
  };
}

/** Of an hour, of which 600 seconds were used. */
const reserves = (outstanding: number, final: number, next?: number) => ({
  outstanding,
  final,
  ...(next === undefined ? {} : { next }),
});

const TARGET = {
  objectives: [{ metric: 'accuracy', goal: 'maximize', target: 0.9 }],
} satisfies Partial<Spec>;
const EXHAUSTED = { reason: 'SpaceExhausted', message: 'all 32 networks' } as const;

test.each<[string, Case]>([
  ['within all limits', {}],
  ['one trial short of the budget', { counts: { proposed: 49, failed: 0 } }],
  ['as many failures as allowed', { counts: { proposed: 10, failed: 5 } }],
  ['a moment before the wall clock', { budget: { wallClock: '90m' }, elapsedMs: 5_399_999 }],
  ['device time left', { budget: { gpuHours: 1 }, deviceSeconds: 3599 }],
  ['room for what one takes', { budget: { gpuHours: 1 }, reserved: reserves(2000, 400, 600) }],
  [
    'the first of its kind alone',
    { budget: { gpuHours: 1 }, outstanding: 0, reserved: reserves(0, 0) },
  ],
  ['no limit on device time', { reserved: reserves(1e9, 0, 1e9) }],
  ['target not reached', { spec: TARGET, leaders: [[0.89]] }],
  ['nothing told yet', { spec: TARGET, leaders: [], counts: { proposed: 0, failed: 0 } }],
])('proposes: %s', (_title, input) => {
  expect(mayPropose(makeInput(input))).toEqual({ kind: 'propose' });
});

test.each<[string, Case, ReturnType<typeof mayPropose>]>([
  [
    'all places are taken',
    { outstanding: 4 },
    {
      kind: 'wait',
      reason: 'Searching',
      message: '4 trials are outstanding, spec.parallelism allows 4',
    },
  ],
  [
    'parallelism was lowered below what is outstanding',
    { outstanding: 9 },
    {
      kind: 'wait',
      reason: 'Searching',
      message: '9 trials are outstanding, spec.parallelism allows 4',
    },
  ],
  [
    'suspended',
    { spec: { suspend: true } },
    { kind: 'wait', reason: 'Suspended', message: 'spec.suspend is true' },
  ],
  [
    'all trials are proposed, though some are outstanding',
    { counts: { proposed: 50, failed: 0 }, outstanding: 3 },
    { kind: 'conclude', reason: 'BudgetSpent', message: '50 of 50 trials were used' },
  ],
  [
    'the budget was lowered below what is proposed',
    { budget: { trials: 8 } },
    { kind: 'conclude', reason: 'BudgetSpent', message: '10 of 8 trials were used' },
  ],
  [
    'the wall clock',
    { budget: { wallClock: '1h30m' }, elapsedMs: 5_400_000 },
    {
      kind: 'conclude',
      reason: 'BudgetSpent',
      message: '5400s of budget.wallClock 1h30m were used',
    },
  ],
  [
    'device time',
    { budget: { gpuHours: 0.5 }, deviceSeconds: 1800 },
    { kind: 'conclude', reason: 'BudgetSpent', message: '0.5 of 0.5 gpuHours were used' },
  ],
  [
    'seconds of device time',
    { budget: { gpuHours: 0.001 }, deviceSeconds: 6 },
    { kind: 'conclude', reason: 'BudgetSpent', message: '0.0017 of 0.001 gpuHours were used' },
  ],
  [
    'what one takes does not fit beside what is reserved',
    { budget: { gpuHours: 1 }, reserved: reserves(2000, 400, 601) },
    {
      kind: 'wait',
      reason: 'Searching',
      message:
        '0.7222 of 1 gpuHours are used or reserved for 3 outstanding trials, 0.1111 are for the final stage, one more needs 0.1669',
    },
  ],
  [
    'what one takes does not fit, and nothing is outstanding that could leave some',
    { budget: { gpuHours: 1 }, outstanding: 0, reserved: reserves(0, 0, 3001) },
    {
      kind: 'conclude',
      reason: 'BudgetSpent',
      message: '0.1667 of 1 gpuHours are used, one more needs 0.8336',
    },
  ],
  [
    'what one takes is not known, and one is outstanding',
    { budget: { gpuHours: 1 }, outstanding: 1, reserved: reserves(3000, 0) },
    {
      kind: 'wait',
      reason: 'Searching',
      message:
        '1 of 1 gpuHours are used or reserved for 1 outstanding trial, what one takes is known once one has ended',
    },
  ],
  [
    'a failure too many',
    { counts: { proposed: 10, failed: 6 } },
    {
      kind: 'conclude',
      reason: 'TooManyFailures',
      message: '6 trials failed, more than budget.failedTrials 5 allows',
    },
  ],
  [
    'the first failure where none is allowed',
    { budget: { failedTrials: 0 }, counts: { proposed: 1, failed: 1 } },
    {
      kind: 'conclude',
      reason: 'TooManyFailures',
      message: '1 trials failed, more than budget.failedTrials 0 allows',
    },
  ],
  [
    'any leader reached the target',
    { spec: TARGET, leaders: [[0.8], [0.91]] },
    {
      kind: 'conclude',
      reason: 'TargetReached',
      message: 'accuracy 0.91 reached target 0.9',
    },
  ],
  ['the space is exhausted', { exhausted: EXHAUSTED }, { kind: 'conclude', ...EXHAUSTED }],
])('does not propose: %s', (_title, input, want) => {
  expect(mayPropose(makeInput(input))).toEqual(want);
});

const EVERYTHING: Case = {
  spec: { ...TARGET, suspend: true },
  budget: { wallClock: '1s' },
  counts: { proposed: 50, failed: 6 },
  leaders: [[0.95]],
  exhausted: EXHAUSTED,
  outstanding: 4,
};

test.each<[string, Case]>([
  ['Suspended', EVERYTHING],
  ['TooManyFailures', { ...EVERYTHING, spec: TARGET }],
  ['TargetReached', { ...EVERYTHING, spec: TARGET, counts: { proposed: 50, failed: 0 } }],
  ['SpaceExhausted', { ...EVERYTHING, spec: {}, counts: { proposed: 50, failed: 0 } }],
])('of several reasons the first of the list decides: %s', (want, input) => {
  expect(mayPropose(makeInput(input))).toMatchObject({ reason: want });
});

test('a promotion must fit as well, and costs no new trial', () => {
  const spent = { counts: { proposed: 50, failed: 0 }, budget: { gpuHours: 1 } };
  const input = (next: number) => makeInput({ ...spent, reserved: reserves(2000, 0, next) });
  expect(mayPromote(input(1000)).kind).toBe('propose');
  expect(mayPromote(input(1001)).kind).toBe('wait');
});

test('a final trial is bounded by device time alone', () => {
  const ended = { counts: { proposed: 50, failed: 9 }, outstanding: 9 };
  const input = (next: number) =>
    makeInput({ ...ended, budget: { gpuHours: 1 }, reserved: reserves(2000, 0, next) });
  expect(mayTrainFinal(input(1000)).kind).toBe('propose');
  expect(mayTrainFinal(input(1001)).kind).toBe('wait');
  const used = { ...input(1), deviceSeconds: 3600 };
  expect(mayTrainFinal(used)).toMatchObject({ kind: 'conclude', reason: 'BudgetSpent' });
});
