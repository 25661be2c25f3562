// The supernet in float64: slopes by alpha and by weights against central differences, its candidates, and what is derived from it.
import { describe, expect, test } from 'vitest';
import type { LearningRuleName } from '../../../crds/index.ts';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { buildSupernet, NetworkError, type SupernetPlan } from '../../../trainer/network/index.ts';
import { sizeOf } from '../../../trainer/program/index.ts';
import { directionalError, gradientErrors } from '../../builders/central-differences.ts';
import { openProbe, probeNetwork } from '../../builders/probe.ts';
import { candidates, makeSupernetPlan, withAlphas } from '../../builders/supernet.ts';
import { openSurrogate } from '../../builders/surrogate.ts';

const reference = createReferenceExecutor();
const probeOf = (plan: SupernetPlan) => probeNetwork(withAlphas(plan), plan.task);
const few = candidates(['FA', 'uSF', 'frSF'], ['skip_connect', 'max_pool_3x3', 'dil_conv_3x3']);
const MIXED = makeSupernetPlan({ candidates: few });
const PARTIAL = { shape: { cells: 3, channels: 4 }, partialChannels: 2 };

test('under backpropagation the slope of alpha is that of the loss', async () => {
  const probe = probeOf(makeSupernetPlan());
  const opened = await openProbe(reference, probe);
  const alphas = probe.variables.all.filter(({ name }) => name.startsWith('alphas/'));
  const { x: _, ...errors } = await gradientErrors(opened, { parameters: alphas, count: 3 });
  expect(Object.keys(errors)).toEqual(['alphas/normal', 'alphas/reduce']);
  for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-6);
});

test.each([
  ['every operation, under backpropagation', makeSupernetPlan()],
  ['partial channels, under backpropagation', makeSupernetPlan({ ...PARTIAL, candidates: few })],
])('%s: all slopes at once', async (_story, plan) => {
  const probe = probeOf(plan);
  const all = plan.candidates.every(({ rule = 'BP' }) => rule === 'BP');
  const opened = await (all ? openProbe : openSurrogate)(reference, probe);
  expect(await directionalError(opened, probe.variables)).toBeLessThan(1e-6);
});

test('large pictures go through two stems, and their alpha learns', () => {
  const task = { height: 128, width: 160, channels: 3, classes: 2 };
  const { variables, program } = probeOf(makeSupernetPlan({ ...PARTIAL, candidates: few, task }));
  const names = variables.parameters.map(({ name }) => name);
  expect(names.filter((name) => /^stem.*weight$/.test(name))).toEqual(
    ['stem0/half', 'stem0/quarter', 'stem1/eighth'].map((layer) => `${layer}/conv/weight`),
  );
  const outputs = Object.values(program.entries).flatMap((entry) => Object.keys(entry.outputs));
  for (const kind of ['normal', 'reduce'])
    expect(outputs.some((name) => name.includes(`alphas/${kind}`))).toBe(true);
});

test('under mixed rules weights, alpha and input follow the signals that arrive', async () => {
  const probe = probeOf(MIXED);
  const opened = await openSurrogate(reference, probe);
  expect(await directionalError(opened, probe.variables)).toBeLessThan(1e-6);
});

describe('candidates', () => {
  test('are 20 on the paper’s edge: skips differ in no rule', () => {
    expect(candidates(['uSF', 'brSF', 'frSF', 'FA'])).toHaveLength(20);
  });

  // DARTS's own search network has 1.930618 M on CIFAR-10.
  test('of one rule are as many numbers as DARTS has, of four rules 3.8 times as many', () => {
    const numbers = (learningRules: LearningRuleName[]) =>
      probeOf(
        makeSupernetPlan({
          candidates: candidates(learningRules),
          shape: { cells: 8, channels: 16 },
          task: { height: 32, width: 32, channels: 3, classes: 10 },
        }),
      ).variables.parameters.reduce(
        (sum, { name, shape }) => (name.startsWith('alphas/') ? sum : sum + sizeOf(shape)),
        0,
      );
    expect(numbers(['BP'])).toBe(1_930_618);
    expect(numbers(['FA', 'uSF', 'brSF', 'frSF'])).toBe(7_301_242);
  });

  test('each have weights of their own, and batch norms of cells have none', () => {
    const names = probeOf(MIXED).variables.parameters.map(({ name }) => name);
    for (const rule of ['FA', 'uSF', 'frSF'])
      expect(names).toContain(`cell0/node2/from0/dil_conv_3x3/${rule}/depthwise/weight`);
    expect(names.filter((name) => /^cell.*(gamma|beta)$/.test(name))).toEqual([]);
    expect(names).toContain('stem/norm/gamma');
  });
});

test.each([
  ['channels that do not divide', { shape: { cells: 3, channels: 3 } }, 'channels divisible by 2'],
  [
    'odd pictures',
    { task: { height: 6, width: 8, channels: 1, classes: 2 } },
    'sides divisible by 4, got 6 x 8',
  ],
  [
    'large pictures that cannot be halved five times',
    { task: { height: 144, width: 160, channels: 3, classes: 2 } },
    'sides divisible by 32, got 144 x 160',
  ],
])('partial channels refuse %s', (_story, changed, message) => {
  const plan = makeSupernetPlan({ ...PARTIAL, ...changed });
  expect(() => buildSupernet(plan)).toThrow(NetworkError);
  expect(() => buildSupernet(plan)).toThrow(message);
});
