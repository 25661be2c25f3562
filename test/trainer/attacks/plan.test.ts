// What a spec asks for, as single runs.
import { expect, test } from 'vitest';
import { Robustness } from '../../../crds/index.ts';
import { attackRuns } from '../../../trainer/attacks/index.ts';

const runsOf = (attacks: unknown[] | undefined, masked = true) =>
  attackRuns(Robustness.parse(attacks === undefined ? {} : { attacks }).attacks, masked);

test.each([
  ['fgsm', { name: 'fgsm', epsilons: [8] }, { norm: 'linf', bound: 8, budget: 1 }],
  ['pgd in l2', { name: 'pgd', norm: 'l2', epsilons: [64] }, { norm: 'l2', bound: 64, budget: 20 }],
  ['tpgd', { name: 'tpgd', epsilons: [8], steps: 7 }, { norm: 'linf', bound: 8, budget: 7 }],
  ['apgd', { name: 'apgd', epsilons: [0.5] }, { norm: 'linf', bound: 0.5, budget: 100 }],
])('%s is run along both signals', (_name, asked, expected) => {
  const run = { attack: asked.name, ...expected };
  expect(runsOf([asked])).toEqual([
    { ...run, signal: 'rules' },
    { ...run, signal: 'exact' },
  ]);
});

test.each([
  [
    'square',
    { name: 'square', epsilons: [8], queries: 5000 },
    { norm: 'linf', bound: 8, budget: 5000 },
  ],
  [
    'transfer',
    { name: 'transfer', norm: 'l2', epsilons: [64] },
    { norm: 'l2', bound: 64, budget: 20 },
  ],
  ['one-pixel', { name: 'one-pixel', pixels: [5] }, { norm: 'l0', bound: 5, budget: 31 * 150 }],
])('%s follows no signal of the network and is run once', (_name, asked, expected) => {
  expect(runsOf([asked])).toEqual([{ attack: asked.name, ...expected }]);
});

test('where the rules send what backpropagation sends, one signal is enough', () => {
  expect(runsOf([{ name: 'fgsm', epsilons: [8] }], false)).toEqual([
    { attack: 'fgsm', norm: 'linf', bound: 8, budget: 1, signal: 'exact' },
  ]);
});

test('an attack asked for twice is run once', () => {
  const twice = [
    { name: 'fgsm', epsilons: [4, 8] },
    { name: 'fgsm', epsilons: [8, 2] },
  ];
  expect(runsOf(twice, false).map(({ bound }) => bound)).toEqual([4, 8, 2]);
});

test('by default one step, many steps, adaptive steps and random search, at four distances', () => {
  const runs = runsOf(undefined);
  expect(new Set(runs.map(({ attack }) => attack))).toEqual(
    new Set(['fgsm', 'pgd', 'apgd', 'square']),
  );
  expect(new Set(runs.map(({ bound }) => bound))).toEqual(new Set([1, 2, 4, 8]));
  expect(runs).toHaveLength(3 * 4 * 2 + 4);
});
