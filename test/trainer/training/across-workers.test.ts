// Several workers learn from their parts of a batch what one learns from the whole batch, and hold the same variables.
import { describe, expect, test } from 'vitest';
import type { Tensors } from '../../../trainer/executors/index.ts';
import { distance } from '../../builders/tensors.ts';
import type { Recipe } from '../../builders/training.ts';
import { stepOf, type TeamStep } from '../../builders/workers.ts';

const farthest = (actual: Tensors, truth: Tensors): number =>
  Math.max(
    ...Object.entries(truth).map(([name, value]) => {
      const own = actual[name];
      return own === undefined ? Infinity : distance(own, value);
    }),
  );

const learned = (outputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(outputs).filter(
      ([name]) => name.startsWith('gradient/') || name === 'loss' || name === 'correct',
    ),
  );

const plain: Recipe = { optimizer: { momentum: 0.9, weightDecay: 0.01 } };
const adam: Recipe = { optimizer: { name: 'adam' } };
/** Small enough to clip most of what there is. */
const clipping: Recipe = { regularisation: { gradientClip: 0.1, gradientClipValue: 1e-3 } };

describe('without batch norm: gradients and variables of the whole batch', () => {
  test.each<[string, number, TeamStep]>([
    ['BP', 2, { family: 'lenet-5', rule: 'BP', recipe: plain }],
    ['several rules', 4, { family: 'lenet-5', recipe: plain }],
    ['several rules under Adam', 2, { family: 'lenet-5', recipe: adam }],
    ['several rules, clipped', 2, { family: 'lenet-5', recipe: clipping }],
    ['KP, whose feedback learns', 2, { family: 'lenet-5', rule: 'KP', recipe: plain }],
    ['WM, whose feedback learns by noise', 4, { family: 'lenet-5', rule: 'WM', recipe: plain }],
    ['DFA', 2, { family: 'lenet-5', rule: 'DFA', recipe: plain }],
    ['DRTP', 4, { family: 'lenet-5', rule: 'DRTP', recipe: plain }],
    ['PEPITA, by a further pass', 2, { family: 'lenet-5', rule: 'PEPITA', recipe: plain }],
    ['PC, whose nodes settle', 2, { family: 'lenet-5', rule: 'PC', recipe: plain }],
  ])('%s, %i workers', async (_, world, how) => {
    const [one, all] = await Promise.all([stepOf(1, how), stepOf(world, how)]);
    const [outputs = {}, variables = {}] = one[0] ?? [];
    for (const [own, held] of all) {
      expect(farthest(own, learned(outputs))).toBeLessThan(1e-9);
      expect(farthest(held, variables)).toBeLessThan(1e-9);
    }
  });
});

describe('with batch norm, local rules and dropped paths', () => {
  test.each<[string, TeamStep]>([
    ['nb201', { family: 'nb201' }],
    ['nb201 that learns locally', { family: 'nb201 that learns locally' }],
    ['darts', { family: 'darts', recipe: { regularisation: { dropPath: 0.3 } } }],
  ])('%s: all hold the same', async (_, how) => {
    const [[, first = {}] = [], [, second = {}] = []] = await stepOf(2, how);
    expect(Object.keys(first).length).toBeGreaterThan(0);
    expect(farthest(second, first)).toBe(0);
  });
});

test('one that is asked to end tells all in the same step', async () => {
  const all = await stepOf(3 + 1, { family: 'lenet-5' });
  expect(all.map(([{ stop }]) => stop?.data[0])).toEqual([1, 1, 1, 1]);
});
