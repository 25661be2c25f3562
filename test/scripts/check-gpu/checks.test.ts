// The checks of a card, asked of a bench that answers as it is told: what passes, what fails, what is skipped.
import { expect, test } from 'vitest';
import type { Bench, Question } from '../../../scripts/check-gpu/bench.ts';
import { CHECKS, type Verdict } from '../../../scripts/check-gpu/checks.ts';
import { apart, type Outcome, type ProbeAnswer } from '../../../scripts/check-gpu/steps.ts';

const outcome = (value: number, loss = 2.3): Outcome => ({
  losses: [loss],
  milliseconds: 5,
  variables: { w: [value, 1], 'w/momentum': [value] },
});

const answer = ({ cases }: Question, each: Outcome, about: Partial<ProbeAnswer> = {}) => ({
  description: { executor: 'tensorflow', library: 'TensorFlow', device: 'GPU' },
  outcomes: cases.map(() => each),
  ...about,
});

interface Machine {
  readonly card: (question: Question) => ProbeAnswer;
}

const benchOf = ({ card }: Machine): Bench => ({
  libraryDir: '/nowhere',
  isRehearsal: false,
  onCard: async (question) => card(question),
  onProcessor: async (question) => answer(question, outcome(1)),
  onCards: async (count, question) =>
    Array.from({ length: count }, () => answer(question, outcome(1))),
});

async function verdicts(name: string, machine: Machine): Promise<readonly Verdict[]> {
  const check = CHECKS.find((each) => each.name === name)!;
  const found = await check.run(benchOf(machine));
  return typeof found[0] === 'string'
    ? [found as Verdict]
    : (found as readonly (readonly [string, Verdict])[]).map(([, verdict]) => verdict);
}

let runs = 0;
const drifting = (question: Question) => answer(question, outcome(1 + 1e-7 * runs++));
const always =
  (each: Outcome, about: Partial<ProbeAnswer> = {}) =>
  (question: Question) =>
    answer(question, each, about);
const onCpu = { description: { executor: 'tensorflow', library: 'TensorFlow', device: 'CPU' } };
const memory =
  (growing: number, whole: number) =>
  (question: Question): ProbeAnswer =>
    answer(question, outcome(1), {
      memory: { used: question.device?.memory === 'whole' ? whole : growing, total: 80_000 },
    });
const precision =
  (loss: number) =>
  (question: Question): ProbeAnswer => ({
    ...answer(question, outcome(1)),
    outcomes: question.cases.map(({ precision: low }) =>
      outcome(1, low === 'float16' ? loss : 2.3),
    ),
  });

test.each([
  ['device', 'a card', always(outcome(1)), 'passed'],
  ['device', 'a processor in its place', always(outcome(1), onCpu), 'failed'],
  ['a step', 'the same numbers but for rounding', always(outcome(1 + 1e-4)), 'passed'],
  ['a step', 'other numbers', always(outcome(1.1)), 'failed'],
  ['a step', 'no number', always(outcome(Number.NaN)), 'failed'],
  ['determinism', 'the same twice', always(outcome(1)), 'passed'],
  ['determinism', 'another last bit', drifting, 'failed'],
  ['memory', 'a little, then all', memory(900, 75_000), 'passed'],
  ['memory', 'all, whatever was asked', memory(75_000, 75_000), 'failed'],
  ['memory', 'no nvidia-smi', always(outcome(1)), 'skipped'],
  ['tensorFloat32', 'no other loss with it', always(outcome(1)), 'failed'],
  ['XLA', 'the same loss', always(outcome(1)), 'passed'],
  ['precision', 'about the same losses', precision(2.31), 'passed'],
  ['precision', 'no loss in float16', precision(Number.NaN), 'failed'],
])('%s: %s', async (name, _, card, expected) => {
  const kinds = (await verdicts(name, { card })).map(([kind]) => kind);
  if (expected === 'failed') expect(kinds).toContain('failed');
  else expect(new Set(kinds)).toEqual(new Set([expected]));
});

test('what the optimizer keeps of gradients counts by itself, however small beside the weights', () => {
  const big = { ...outcome(1), variables: { w: [1e6], 'w/momentum': [1e-6] } };
  const other = { ...big, variables: { w: [1e6], 'w/momentum': [2e-6] } };
  expect(apart(other, big)).toBeCloseTo(1);
});
