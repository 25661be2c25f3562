// What every learning rule must do, whatever its feedback weights: they stand where W would, and nothing else changes.
import { describe, expect, test } from 'vitest';
import {
  createReferenceExecutor,
  type Tensor,
  type Tensors,
} from '../../trainer/executors/index.ts';
import { backpropagation, type LearningRule } from '../../trainer/learning-rules/index.ts';
import { convolution, dense, type Layer, named } from '../../trainer/primitives/index.ts';
import type { Shape } from '../../trainer/program/index.ts';
import { openProbe, type ProbeOptions, probeLayer } from '../builders/probe.ts';
import { distance } from '../builders/tensors.ts';

export interface RuleExpectation {
  /** Between B and W when training starts, in degrees. */
  readonly angle: number;
}

const reference = createReferenceExecutor();

const LAYERS: Readonly<Record<string, readonly [Layer, Shape]>> = {
  dense: [dense(5), [4, 7]],
  convolution: [convolution({ filters: 5, kernel: 3, padding: 1, bias: true }), [2, 5, 6, 3]],
  'strided depthwise convolution': [
    convolution({ filters: 4, kernel: 3, padding: 1, stride: 2, groups: 4 }),
    [2, 6, 6, 4],
  ],
  'dilated grouped convolution': [
    convolution({ filters: 6, kernel: 3, padding: 2, dilation: 2, groups: 2 }),
    [2, 5, 5, 4],
  ],
};

export interface LayerRun {
  readonly outputs: Tensors;
  readonly W: Tensor;
  readonly B: Tensor;
  readonly dx: Tensor;
  /** The layer's other variables too. */
  readonly values: Tensors;
  /** Runs again with some inputs or variables changed. */
  again(changed: { inputs?: Tensors; values?: Tensors }): Promise<LayerRun>;
}

/** One layer with weights under a rule, its variables at random from their initial laws. */
export async function runLayer(
  rule: LearningRule,
  [layer, shape]: readonly [Layer, Shape],
  options: ProbeOptions = {},
): Promise<LayerRun> {
  const probe = probeLayer(named('layer', layer), shape, { rule, ...options });
  const { session, inputs, values, outputs } = await openProbe(reference, probe);
  const seen = (from: Tensors, held: Tensors): LayerRun => ({
    outputs: from,
    values: held,
    W: held['layer/weight']!,
    B: from['feedback/layer']!,
    dx: from['dx']!,
    again: async (changed) => {
      const now = { ...held, ...changed.values };
      await session.write(now);
      return seen(await session.run('step', { ...inputs, ...changed.inputs }), now);
    },
  });
  return seen(outputs, values);
}

const dot = (a: Tensor, b: Tensor): number =>
  Array.from(a.data).reduce((sum, each, i) => sum + each * (b.data[i] ?? Number.NaN), 0);
const norm = (a: Tensor): number => Math.sqrt(dot(a, a));

/** deg(arccos(<B, W> / (|B| |W|))) */
export const angleBetween = (a: Tensor, b: Tensor): number =>
  (Math.acos(Math.min(1, dot(a, b) / (norm(a) * norm(b)))) * 180) / Math.PI;

const combination = (a: number, x: Tensor, b: number, y: Tensor): Tensor => ({
  ...x,
  data: Float64Array.from(x.data, (each, i) => a * each + b * (y.data[i] ?? Number.NaN)),
});

const EXACT = 1e-12;
const layers = Object.entries(LAYERS);

export function learningRuleCases(rule: LearningRule, { angle }: RuleExpectation): void {
  describe.each(layers)('in a %s', (_, layer) => {
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

    test('the forward pass and the gradients of weights and biases are exact', async () => {
      const { outputs } = await runLayer(rule, layer);
      const ordinary = (await runLayer(backpropagation, layer)).outputs;
      const exact = Object.keys(ordinary).filter((name) => /^(y|loss|gradient\/.*)$/.test(name));
      expect(exact).toContain('gradient/layer/weight');
      for (const name of exact)
        expect(distance(outputs[name]!, ordinary[name]!), name).toBeLessThan(EXACT);
    });

    test('the same step of the same run has the same B', async () => {
      const first = await runLayer(rule, layer);
      expect((await first.again({})).B).toEqual(first.B);
    });

    test('no B is written where no signal goes further back', async () => {
      const { B, dx } = await runLayer(rule, layer, { needsGradient: false });
      expect([B, dx]).toEqual([undefined, undefined]);
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
