// What a rule must do whose layers learn by the change that a second pass makes, and send nothing back.
import { describe, expect, test } from 'vitest';
import { backpropagation, type LearningRule } from '../../trainer/learning-rules/index.ts';
import { sizeOf } from '../../trainer/program/index.ts';
import {
  CLASSES,
  EXACT,
  LAYERS,
  type LayerRun,
  norm,
  oneLess,
  runLayer,
} from '../builders/ruled-layers.ts';
import { clamped, distance } from '../builders/tensors.ts';

export function modulatedCases(rule: LearningRule): void {
  describe.each(LAYERS)('in a %s', (_, layer) => {
    /** x + F e, and the output for it. */
    const secondPass = async ({ inputs, values }: LayerRun) => {
      const { x, error } = inputs;
      const F = values['PEPITA/F']!;
      const pixels = F.data.length / CLASSES;
      const data = Float64Array.from(x!.data, (each, i) => {
        const [n, pixel] = [Math.floor(i / pixels), i % pixels];
        const e = Array.from(error!.data).slice(n * CLASSES, (n + 1) * CLASSES);
        return each + e.reduce((sum, one, k) => sum + one * F.data[pixel * CLASSES + k]!, 0);
      });
      const ordinary = await runLayer(backpropagation, layer);
      const again = await ordinary.again({ inputs: { x: { ...x!, data } } });
      return { ordinary, modulated: { ...x!, data }, y: again.outputs['y']! };
    };

    test('no signal goes back', async () => {
      const { B, dx } = await runLayer(rule, layer);
      expect([B, dx]).toEqual([undefined, undefined]);
    });

    test('dW is the exact gradient at x + F e for the change of ReLU, over the places', async () => {
      const first = await runLayer(rule, layer);
      const { ordinary, modulated, y } = await secondPass(first);
      const { data, shape } = first.outputs['y']!;
      const places = sizeOf(shape.slice(0, -1));
      const change = Float64Array.from(
        data,
        (each, i) => (Math.max(0, each) - Math.max(0, y.data[i]!)) / places,
      );
      const dy = { ...y, data: change };
      const expected = await ordinary.again({ inputs: { x: modulated, dy } });
      const gradients = Object.keys(ordinary.outputs).filter((name) => /^gradient/.test(name));
      expect(gradients).toContain('gradient/layer/weight');
      for (const name of gradients)
        expect(distance(first.outputs[name]!, expected.outputs[name]!), name).toBeLessThan(EXACT);
      expect(norm(first.outputs['gradient/layer/weight']!)).toBeGreaterThan(0);
    });

    test('it learns whatever signal arrives', async () => {
      const first = await runLayer(rule, layer);
      const other = await first.again({ inputs: { dy: oneLess(first.inputs['dy']!) } });
      const name = 'gradient/layer/weight';
      expect(other.outputs[name]).toEqual(first.outputs[name]);
    });

    test('under a largest value, each number of gradients is brought within it', async () => {
      const name = 'gradient/layer/weight';
      const free = (await runLayer(rule, layer)).outputs[name]!;
      const largest = norm(free) / Math.sqrt(sizeOf(free.shape));
      const { outputs } = await runLayer(rule, layer, { largest });
      expect(outputs[name]).toEqual(clamped(free, largest));
    });
  });
}
