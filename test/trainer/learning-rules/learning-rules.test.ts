// The rules of the contract: what all must do (cases), their angles, and what sets each apart (paper.md section 2).
import { describe, expect, test } from 'vitest';
import { LEARNING_RULES, type LearningRuleName } from '../../../crds/index.ts';
import { createReferenceExecutor, type Tensor } from '../../../trainer/executors/index.ts';
import { type LearningRule, loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { convolution, named } from '../../../trainer/primitives/index.ts';
import { openProbe, probeLayer } from '../../builders/probe.ts';
import { angleBetween, runLayer } from '../../builders/ruled-layers.ts';
import { distance, intsOf } from '../../builders/tensors.ts';
import {
  feedbackCases,
  learningRuleCases,
  projectingCases,
  sendingCases,
  settlingCases,
  targetCases,
} from '../../cases/learning-rule.cases.ts';
import { modulatedCases } from '../../cases/modulated-rule.cases.ts';

const rules = await loadLearningRules();

/** Rules whose B brings what the head above knows; that of the others stands where W would. */
const PROJECTING = { DFA: projectingCases, DRTP: targetCases } as const;
/** Rules whose weights learn by passes of their own. */
const OTHER = {
  PEPITA: modulatedCases,
  PC: (rule: LearningRule) => settlingCases(rule, { left: 0.5 ** 8 }),
} as const;
type Projecting = keyof typeof PROJECTING;
type Other = keyof typeof OTHER;
const isProjecting = (name: LearningRuleName): name is Projecting => name in PROJECTING;
const isOther = (name: LearningRuleName): name is Other => name in OTHER;

/** arccos of: 0; sqrt(3)/2, the mean of |w| over its deviation; 3/4, that squared. */
const ANGLES: Readonly<Record<Exclude<LearningRuleName, Projecting | Other>, number>> = {
  BP: 0,
  FA: 90,
  uSF: 30,
  brSF: 41.4,
  frSF: 41.4,
  KP: 90,
  WM: 90,
};

for (const name of LEARNING_RULES)
  describe(name, () => {
    learningRuleCases(rules[name]);
    if (isOther(name)) {
      OTHER[name](rules[name]);
      return;
    }
    sendingCases(rules[name]);
    if (isProjecting(name)) PROJECTING[name](rules[name]);
    else feedbackCases(rules[name], { angle: ANGLES[name] });
  });

const LAYER = [convolution({ filters: 5, kernel: 3, padding: 1 }), [2, 5, 5, 3]] as const;

const mapped = (tensor: Tensor, f: (element: number, i: number) => number): Tensor => ({
  ...tensor,
  data: Float64Array.from(tensor.data, f),
});

/** dx before and after W is replaced by f(W), as a distance. */
async function moveOf(rule: LearningRule, f: (element: number, i: number) => number) {
  const first = await runLayer(rule, LAYER);
  const { dx } = await first.again({ values: { 'layer/weight': mapped(first.W, f) } });
  return distance(dx, first.dx);
}

const positiveRescaling = (w: number, i: number) => w * (0.5 + (i % 7));
const signFlip = (w: number, i: number) => (i % 2 === 0 ? -w : w);

describe('what of W a rule sends back', () => {
  test.each([
    { name: 'BP', rescaled: true, flipped: true },
    { name: 'FA', rescaled: false, flipped: false },
    { name: 'uSF', rescaled: false, flipped: true },
    { name: 'brSF', rescaled: false, flipped: true },
    { name: 'frSF', rescaled: false, flipped: true },
    { name: 'KP', rescaled: false, flipped: false },
    { name: 'WM', rescaled: false, flipped: false },
  ] as const)(
    '$name: magnitudes $rescaled, signs $flipped',
    async ({ name, rescaled, flipped }) => {
      expect((await moveOf(rules[name], positiveRescaling)) > 0).toBe(rescaled);
      expect((await moveOf(rules[name], signFlip)) > 0).toBe(flipped);
    },
  );
});

describe('whether B moves from one step to the next while W stands still', () => {
  test.each([
    ['BP', false],
    ['FA', false],
    ['uSF', false],
    ['brSF', true],
    ['frSF', false],
    ['KP', false],
    ['WM', false],
  ] as const)('%s: %s', async (name, moves) => {
    const first = await runLayer(rules[name], LAYER);
    const next = await first.again({ inputs: { key: intsOf(1, 1) } });
    expect(distance(next.B, first.B) > 0).toBe(moves);
    expect(next.dx.shape).toEqual(first.dx.shape);
  });

  test('brSF draws anew for another seed, and the signs stay those of W', async () => {
    const first = await runLayer(rules.brSF, LAYER);
    const other = await first.again({ inputs: { key: intsOf(2, 0) } });
    expect(distance(other.B, first.B)).toBeGreaterThan(0);
    expect(Array.from(other.B.data, Math.sign)).toEqual(Array.from(first.W.data, Math.sign));
  });
});

test("the weight mirror's B comes to W by noise alone", async () => {
  const probe = probeLayer(named('layer', LAYER[0]), LAYER[1], { rule: rules.WM });
  const { session, inputs, values } = await openProbe(createReferenceExecutor(), probe);
  const W = values['layer/weight']!;
  const angles: number[] = [];
  for (let step = 0; step <= 600; step += 1) {
    const { 'layer/B': B } = await session.read(['layer/B']);
    if (step % 300 === 0) angles.push(angleBetween(B!, W));
    await session.run('step', { ...inputs, key: intsOf(1, step) });
  }
  const [start = 0, middle = 0, end = 0] = angles;
  expect(start).toBeGreaterThan(60);
  expect(middle).toBeLessThan(start / 3);
  expect(end).toBeLessThan(8);
  const { 'layer/B': B } = await session.read(['layer/B']);
  expect(Math.hypot(...B!.data) / Math.hypot(...W.data)).toBeCloseTo(1, 1);
});

describe("uSF's scale s", () => {
  const depthwise = [
    convolution({ filters: 36, kernel: 3, padding: 1, groups: 36 }),
    [1, 4, 4, 36],
  ] as const;

  test.each([
    ['xavier', Math.sqrt(2 / (9 + 324)), 0.0775],
    ['kaiming', 1 / Math.sqrt(3 * 9), 0.1925],
  ] as const)(
    'of a depthwise 3x3 of 36 channels, by %s: fan in 9, fan out 324',
    async (initialization, formula, number) => {
      const { B } = await runLayer(rules.uSF, depthwise, { initialization });
      const s = Math.abs(B.data[0] ?? 0);
      expect(s).toBeCloseTo(formula, 12);
      expect(s).toBeCloseTo(number, 4);
    },
  );

  test('a weight of exactly zero sends nothing back', async () => {
    const first = await runLayer(rules.uSF, LAYER);
    const zeros = mapped(first.W, () => 0);
    const { B } = await first.again({ values: { 'layer/weight': zeros } });
    expect(B.data.every((b) => b === 0)).toBe(true);
  });
});

test('each rule says where it was published', () => {
  for (const rule of Object.values(rules)) expect(rule.source).toMatch(/\d{4}/);
});
