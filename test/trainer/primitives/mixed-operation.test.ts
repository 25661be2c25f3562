// The mixed operation against products written by hand, and the channels that go past it.
import { describe, expect, test } from 'vitest';
import {
  createReferenceExecutor,
  type Tensor,
  type Tensors,
} from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import {
  identity,
  type Layer,
  learningBy,
  mixedOperation,
  partialChannels,
  reluConvolution,
} from '../../../trainer/primitives/index.ts';
import { gradientErrors } from '../../builders/central-differences.ts';
import { openProbe, type Probe, probeLayer } from '../../builders/probe.ts';
import { distance, tensorOf } from '../../builders/tensors.ts';

const reference = createReferenceExecutor();
const rules = await loadLearningRules();
const SHAPE = [2, 4, 4, 2];
const P = [0.5, 0.3, 0.2];

const convolved = (rule: 'FA' | 'uSF'): Layer =>
  learningBy(rules[rule], reluConvolution({ filters: 2, kernel: 3 }));
const candidates = [
  { name: 'a', layer: convolved('FA') },
  { name: 'b', layer: convolved('uSF') },
  { name: 'none' },
];

/** The mixture with shares P; dp stands among the gradients. */
const mixture: Layer = (at, x) =>
  mixedOperation({
    candidates,
    stride: 1,
    p: at.g.constant(P, [3]),
    learn: (dp) => void at.gradients.set('p', dp),
  })(at, x);

const named = (values: Tensors, name: string): Tensors =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([path]) => path.startsWith(`${name}/`))
      .map(([path, value]) => [path.slice(name.length + 1), value]),
  );

const inFloat64 = (data: readonly number[], shape: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float64Array.from(data),
});

const times = (factor: number, { shape, data }: Tensor): Tensor =>
  inFloat64(
    Array.from(data, (each) => each * factor),
    shape,
  );

const sumOf = (terms: readonly Tensor[]): Tensor =>
  inFloat64(
    Array.from(terms[0]!.data, (_, k) => terms.reduce((sum, { data }) => sum + data[k]!, 0)),
    SHAPE,
  );

test('each candidate learns from its share of the signal, by its own rule, and sends its own back', async () => {
  const mixed = await openProbe(reference, probeLayer(mixture, SHAPE));
  const { dy, ...inputs } = mixed.inputs as Required<Tensors>;
  const [y, dx]: [Tensor[], Tensor[]] = [[], []];
  const slopes: number[] = [];
  for (const [i, rule] of (['FA', 'uSF'] as const).entries()) {
    const name = 'ab'.charAt(i);
    const alone = probeLayer(convolved(rule), SHAPE);
    const session = await reference.open(alone.program);
    await session.write(named(mixed.values, name));
    const share = P[i] ?? 0;
    const outputs = await session.run('step', { ...inputs, dy: times(share, dy!) });
    for (const weights of ['conv/weight', 'norm/gamma', 'norm/beta'])
      expect(
        distance(mixed.outputs[`gradient/${name}/${weights}`]!, outputs[`gradient/${weights}`]!),
      ).toBeLessThan(1e-12);
    slopes.push(
      Array.from(outputs['y']!.data).reduce((sum, each, k) => sum + each * dy!.data[k]!, 0),
    );
    y.push(times(share, outputs['y']!));
    dx.push(outputs['dx']!);
  }
  expect(distance(mixed.outputs['y']!, sumOf(y))).toBeLessThan(1e-12);
  expect(distance(mixed.outputs['dx']!, sumOf(dx))).toBeLessThan(1e-12);
  const dp = inFloat64([...slopes, 0], [3]);
  expect(distance(mixed.outputs['gradient/p']!, dp)).toBeLessThan(1e-12);
});

test('a mixture of nothing is zeros, at half the sides where it reduces', async () => {
  const nothing: Layer = (at, x) =>
    mixedOperation({
      candidates: [{ name: 'none' }],
      stride: 2,
      p: at.g.constant([1], [1]),
      learn: () => {},
    })(at, x);
  const { outputs } = await openProbe(reference, probeLayer(nothing, SHAPE));
  expect(outputs['y']).toMatchObject({ shape: [2, 2, 2, 2] });
  expect([...(outputs['y']?.data ?? [1])].every((each) => each === 0)).toBe(true);
  expect(outputs['dx']).toBeUndefined();
});

describe('partial channels', () => {
  const answers = async (probe: Probe, x: number[], shape: number[]) => {
    const { session, inputs } = await openProbe(reference, probe);
    const { y } = await session.run('step', { ...inputs, x: tensorOf(x, shape) });
    return [...(y?.data ?? [])];
  };
  const doubled: Layer = ({ g }, x) =>
    mixedOperation({
      candidates: [{ name: 'same', layer: identity }],
      stride: 1,
      p: g.constant([2], [1]),
      learn: () => {},
    })({ g } as Parameters<Layer>[0], x);

  test('a quarter goes through the layer, then channels are dealt out in turn', async () => {
    const probe = probeLayer(partialChannels({ of: 4, stride: 1 }, doubled), [1, 1, 1, 8]);
    const y = await answers(probe, [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 8]);
    expect(y).toEqual([2, 3, 5, 7, 4, 4, 6, 8]);
  });

  test('at stride 2 what goes past is the largest of four pixels', async () => {
    const halved = reluConvolution({ filters: 1, kernel: 1, stride: 2 });
    const probe = probeLayer(partialChannels({ of: 2, stride: 2 }, halved), [1, 2, 2, 2]);
    const y = await answers(probe, [0, 1, 0, 2, 0, 9, 0, 3], [1, 2, 2, 2]);
    expect(y[1]).toBe(9);
  });

  test.each([1, 2])('central differences at stride %i', async (stride) => {
    const layer = partialChannels(
      { of: 2, stride },
      reluConvolution({ filters: 2, kernel: 3, stride }),
    );
    const probe = probeLayer(layer, [2, 4, 4, 4]);
    const errors = await gradientErrors(await openProbe(reference, probe), {
      parameters: probe.variables.parameters,
    });
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-6);
  });
});
