// What every learning rule must do. What those must that decide the signal at the input alone; whose feedback weights stand where W
// would; that bring the error of the output, or the labels, to every layer.
import { describe, expect, test } from 'vitest';
import type { Tensor, Tensors } from '../../trainer/executors/index.ts';
import { backpropagation, type LearningRule } from '../../trainer/learning-rules/index.ts';
import { convolution } from '../../trainer/primitives/index.ts';
import { sizeOf } from '../../trainer/program/index.ts';
import {
  angleBetween,
  CLASSES,
  EXACT,
  LAYERS,
  norm,
  oneLess,
  runLayer,
  type Subject,
  ungrouped,
} from '../builders/ruled-layers.ts';
import { clamped, distance } from '../builders/tensors.ts';

export interface RuleExpectation {
  /** Between B and W when training starts, in degrees. */
  readonly angle: number;
}

const combination = (a: number, x: Tensor, b: number, y: Tensor): Tensor => ({
  ...x,
  data: Float64Array.from(x.data, (each, i) => a * each + b * (y.data[i] ?? Number.NaN)),
});

/** What holds for all. */
export function learningRuleCases(rule: LearningRule): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    test.each([
      ['the forward pass is exact', false, /^(y|loss)$/],
      ['all is backpropagation where that is asked for', true, /^(y|loss|dx|gradient\/.*)$/],
    ])('%s', async (_what, exact, names) => {
      const { outputs } = await runLayer(rule, layer, { exact });
      await expectOrdinary(outputs, layer, names);
    });
  });
}

async function expectOrdinary(outputs: Tensors, layer: Subject, names: RegExp): Promise<void> {
  const ordinary = (await runLayer(backpropagation, layer)).outputs;
  const same = Object.keys(ordinary).filter((name) => names.test(name));
  expect(same).toContain('y');
  for (const name of same)
    expect(distance(outputs[name]!, ordinary[name]!), name).toBeLessThan(EXACT);
}

/** For rules that decide the signal at the input and nothing else. */
export function sendingCases(rule: LearningRule): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    test('the gradients of weights and biases are exact', async () => {
      const { outputs } = await runLayer(rule, layer);
      expect(outputs).toHaveProperty(['gradient/layer/weight']);
      await expectOrdinary(outputs, layer, /^(y|gradient\/.*)$/);
    });

    test('the same step of the same run has the same B', async () => {
      const first = await runLayer(rule, layer);
      expect((await first.again({})).B).toEqual(first.B);
    });

    test.each([
      ['each number of gradients and signal is brought within it, and no other', false],
      ['what is asked to be exact stays exact', true],
    ])('under a largest value, %s', async (_what, exact) => {
      const free = await runLayer(rule, layer, { exact });
      const largest = norm(free.dx) / Math.sqrt(sizeOf(free.dx.shape));
      const { outputs } = await runLayer(rule, layer, { exact, largest });
      for (const [name, tensor] of Object.entries(free.outputs)) {
        const bounded = !exact && /^(dx|gradient\/.*)$/.test(name);
        const expected = bounded ? clamped(tensor, largest) : tensor;
        expect(outputs[name], name).toEqual(expected);
        if (bounded) expect(expected, name).not.toEqual(tensor);
      }
    });

    test('no B is written where no signal goes further back', async () => {
      const { B, dx } = await runLayer(rule, layer, { needsGradient: false });
      expect([B, dx]).toEqual([undefined, undefined]);
    });
  });
}

/** For rules whose nodes settle: under a linear loss a node comes nearer to where it would stay by a factor each step. */
export function settlingCases(rule: LearningRule, { left }: { readonly left: number }): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    test('of what backpropagation sends and learns by, the last steps leave little out', async () => {
      const { outputs } = await runLayer(rule, layer);
      const ordinary = (await runLayer(backpropagation, layer)).outputs;
      const names = Object.keys(ordinary).filter((name) => /^(dx|gradient)/.test(name));
      expect(names).toContain('gradient/layer/weight');
      for (const name of names)
        expect(distance(outputs[name]!, scaled(ordinary[name]!, 1 - left)), name).toBeLessThan(
          EXACT,
        );
    });
  });
}

const scaled = (x: Tensor, by: number): Tensor => ({
  ...x,
  data: Float64Array.from(x.data, (each) => each * by),
});

/** For rules that send the signal through a B of W's shape. */
export function feedbackCases(rule: LearningRule, { angle }: RuleExpectation): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    test('B has the shape of W', async () => {
      const { B, W } = await runLayer(rule, layer);
      expect(B.shape).toEqual(W.shape);
    });

    test('dx is what backpropagation sends through weights B', async () => {
      const { B, dx } = await runLayer(rule, layer);
      const ordinary = await runLayer(backpropagation, layer);
      const substituted = await ordinary.again({ values: { 'layer/weight': B } });
      expect(distance(dx, substituted.dx)).toBeLessThan(EXACT);
    });

    test('its own variables set to W make it backpropagation', async () => {
      const first = await runLayer(rule, layer);
      const own = Object.keys(first.values).filter((name) => !/\/(weight|bias)$/.test(name));
      const values = Object.fromEntries(own.map((name) => [name, first.W]));
      const { dx } = await first.again({ values });
      const ordinary = await runLayer(backpropagation, layer);
      const same = distance(dx, ordinary.dx) < EXACT;
      expect(same).toBe(own.length > 0 || rule.name === backpropagation.name);
    });

    test('dx is linear in the signal', async () => {
      const first = await runLayer(rule, layer);
      const g = first.outputs['y']!;
      const h = { ...g, data: Float64Array.from(g.data, (each, i) => Math.sin(each + i)) };
      const ofG = await first.again({ inputs: { dy: g } });
      const ofH = await first.again({ inputs: { dy: h } });
      const both = await first.again({ inputs: { dy: combination(2, g, -3, h) } });
      expect(distance(both.dx, combination(2, ofG.dx, -3, ofH.dx))).toBeLessThan(EXACT);
    });
  });

  describe.each(['xavier', 'kaiming'] as const)('at the start, by %s', (initialization) => {
    const large = [convolution({ filters: 32, kernel: 3, padding: 1 }), [1, 3, 3, 32]] as const;

    test(`B is ${angle} degrees from W`, async () => {
      const { B, W } = await runLayer(rule, large, { initialization });
      expect(Math.abs(angleBetween(B, W) - angle)).toBeLessThan(1);
    });

    test('B is as long as W', async () => {
      const { B, W } = await runLayer(rule, large, { initialization });
      expect(Math.abs(norm(B) / norm(W) - 1)).toBeLessThan(0.02);
    });
  });
}

/** For rules that bring the error of the output to every layer. */
export function projectingCases(rule: LearningRule): void {
  describe.each(LAYERS)('in a %s', (_, layer, of) => {
    test('B has a filter a class, whatever the groups', async () => {
      const { B, W } = await runLayer(rule, layer);
      const [, shape] = layer;
      expect(B.shape).toEqual([...W.shape.slice(0, -2), shape.at(-1), CLASSES]);
    });

    test('dx is what backpropagation sends through weights B from the error at every place', async () => {
      const first = await runLayer(rule, layer);
      const { B, dx } = first;
      const [, shape] = layer;
      const ordinary = await runLayer(backpropagation, ungrouped(of, CLASSES));
      const { y } = ordinary.outputs;
      const { error } = first.inputs;
      const [n = 0] = shape;
      const places = (y?.data.length ?? 0) / n / CLASSES;
      const everywhere = Array.from({ length: n * places }, (_each, i) => {
        const at = Math.floor(i / places) * CLASSES;
        return [...error!.data.slice(at, at + CLASSES)];
      }).flat();
      const dy = { ...y!, data: Float64Array.from(everywhere) };
      const spread = await ordinary.again({ values: { 'layer/weight': B }, inputs: { dy } });
      expect(distance(dx, spread.dx)).toBeLessThan(EXACT);
    });

    test('dx knows neither W nor the signal at the output', async () => {
      const first = await runLayer(rule, layer);
      const changed = await first.again({
        values: { 'layer/weight': oneLess(first.W) },
        inputs: { dy: oneLess(first.outputs['y']!) },
      });
      expect(distance(changed.dx, first.dx)).toBe(0);
      expect(distance(changed.outputs['y']!, first.outputs['y']!)).toBeGreaterThan(0);
    });
  });
}

/** For rules that bring the labels to every layer. */
export function targetCases(rule: LearningRule): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    const [, [, ...input]] = layer;

    test('B has a weight for each class and activation of the input, by the uniform law of Kaiming', async () => {
      const { B } = await runLayer(rule, layer);
      expect(B.shape).toEqual([...input, CLASSES]);
      const bound = Math.sqrt(6 / sizeOf(input));
      const largest = Math.max(...Array.from(B.data, Math.abs));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.8 * bound);
    });

    test("dx is the column of the picture's class, over the batch", async () => {
      const { B, dx, inputs } = await runLayer(rule, layer);
      const labels = Array.from(inputs['labels']!.data);
      const expected = labels.flatMap((label) =>
        Array.from({ length: sizeOf(input) }, (_each, i) => B.data[i * CLASSES + label]!),
      );
      expect(Array.from(dx.data, (each) => each * labels.length)).toEqual(
        expected.map((each) => expect.closeTo(each, 12)),
      );
    });

    test('dx knows neither W, nor the error, nor the signal at the output', async () => {
      const first = await runLayer(rule, layer);
      const changed = await first.again({
        values: { 'layer/weight': oneLess(first.W) },
        inputs: { dy: oneLess(first.outputs['y']!), error: oneLess(first.inputs['error']!) },
      });
      expect(distance(changed.dx, first.dx)).toBe(0);
      expect(distance(changed.outputs['y']!, first.outputs['y']!)).toBeGreaterThan(0);
    });
  });
}
