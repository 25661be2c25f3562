// The forward-forward convolution: what it contrasts, the gradient of its own loss, what it leaves alone, and where it goes.
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor, type Tensor } from '../../../trainer/executors/index.ts';
import { forwardForwardConvolution, type Layer, named } from '../../../trainer/primitives/index.ts';
import { Random } from '../../../trainer/random.ts';
import { gradientErrors } from '../../builders/central-differences.ts';
import { openProbe, type ProbeOptions, probeLayer } from '../../builders/probe.ts';
import { intsOf } from '../../builders/tensors.ts';
import { answers, columns, dot, patchesOf, type Row } from './patches.ts';

const reference = createReferenceExecutor();
const W = 'layer/conv/weight';
const HYBRIDS = 'shown/forward-forward';
const SHAPE = [3, 6, 8, 2];

const layerOf = ({ filters = 4, stride = 1 } = {}): Layer =>
  named('layer', forwardForwardConvolution({ filters, kernel: 3, stride }));
const stepOf = ({
  shape = SHAPE,
  ...options
}: ProbeOptions & { stride?: number; shape?: number[] } = {}) =>
  openProbe(reference, probeLayer(layerOf(options), shape, options));

const partsOf = ({ shape: [n = 0, ...picture], data }: Tensor): readonly Tensor[] => {
  const size = data.length / n;
  return Array.from({ length: n }, (_, i) => ({
    dtype: 'float32',
    shape: [1, ...picture],
    data: Float64Array.from(data).slice(i * size, (i + 1) * size),
  }));
};

/** ReLU, then mean square 1. */
function prepared(x: Tensor): Tensor {
  const rectified = Array.from(x.data, (each) => Math.max(0, each));
  const r = Math.sqrt(dot(rectified, rectified) / rectified.length + 1e-8);
  return { ...x, data: Float64Array.from(rectified, (each) => each / r) };
}

/** The mean of squares of what the filters answer to each picture. */
const goodness = (x: Tensor, filters: readonly Row[], stride: number): readonly number[] =>
  partsOf(x).map((picture) => {
    const h = patchesOf(prepared(picture), stride)
      .flatMap((patch) => answers(filters, patch))
      .map((u) => Math.max(0, u));
    return dot(h, h) / h.length;
  });

const lossOf = (
  filters: readonly Row[],
  [x, hybrid]: readonly Tensor[],
  stride: number,
): number => {
  const softplus = (z: number) => Math.log(1 + Math.exp(z));
  const [up, down] = [goodness(x!, filters, stride), goodness(hybrid!, filters, stride)];
  const each = up.map((G, i) => softplus(1 - G) + softplus(down[i]! - 1));
  return each.reduce((sum, one) => sum + one, 0) / each.length;
};

describe.each([1, 2])('at stride %i', (stride) => {
  test('its weights learn by the gradient of its own loss', async () => {
    const { outputs, inputs, values } = await stepOf({ stride });
    const pictures = [inputs['x']!, outputs[HYBRIDS]!];
    const gradient = columns(outputs[`gradient/${W}`]!);
    const filters = columns(values[W]!);
    for (const [i, k] of [0, 1, 2, 3].flatMap((filter) =>
      [0, 7, 17].map((tap) => [filter, tap] as const),
    )) {
      const at = (by: number) =>
        lossOf(
          filters.map((row, j) => row.map((w, l) => (i === j && k === l ? w + by : w))),
          pictures,
          stride,
        );
      const slope = (at(1e-6) - at(-1e-6)) / 2e-6;
      expect(gradient[i]![k]).toBeCloseTo(slope, 7);
      expect(Math.abs(slope)).toBeGreaterThan(1e-5);
    }
  });
});

describe('hybrid pictures', () => {
  const shape = [2, 28, 28, 1];
  /** 1 where the picture shows, 0 where the other does. */
  const maskOf = async (step: number): Promise<number[]> => {
    const { session, inputs } = await stepOf({ shape });
    const outputs = await session.run('step', { ...inputs, key: intsOf(1, step) });
    const [x, other] = partsOf(inputs['x']!);
    const [hybrid] = partsOf(outputs[HYBRIDS]!);
    return Array.from(hybrid!.data, (each, i) => {
      const own = Math.abs(each - x!.data[i]!) < 1e-12;
      expect(own || Math.abs(each - other!.data[i]!) < 1e-12).toBe(true);
      return own ? 1 : 0;
    });
  };

  test('are of a picture and the next one, half and half, in large regions', async () => {
    const mask = await maskOf(0);
    const share = mask.reduce((sum, each) => sum + each, 0) / mask.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
    const borders = mask.filter((each, i) => i % 28 < 27 && each !== mask[i + 1]).length;
    expect(borders).toBeGreaterThan(20);
    expect(borders).toBeLessThan((28 * 27) / 5); // of single bits half the neighbours would differ
  });

  test('are others each step, and the same in the same step', async () => {
    expect(await maskOf(1)).not.toEqual(await maskOf(0));
    expect(await maskOf(1)).toEqual(await maskOf(1));
  });
});

describe('what it leaves alone', () => {
  test('no signal goes back, and none changes what it learns; gamma and beta learn by theirs', async () => {
    const { session, inputs, outputs } = await stepOf();
    const gradients = Object.keys(outputs).filter((key) => /^(dx|gradient|feedback)/.test(key));
    expect(gradients).toEqual([
      `gradient/layer/norm/gamma`,
      `gradient/layer/norm/beta`,
      `gradient/${W}`,
    ]);
    const dy = { ...inputs['dy']!, data: inputs['dy']!.data.map((d) => -3 * d) };
    const other = await session.run('step', { ...inputs, dy });
    expect(other[`gradient/${W}`]).toEqual(outputs[`gradient/${W}`]);
  });

  test('in evaluation there is no second pass, and the true gradient is sent where it is asked for', async () => {
    const opened = await stepOf({ mode: 'evaluate', exact: true });
    expect(opened.outputs[HYBRIDS]).toBe(undefined);
    expect(opened.outputs[`gradient/${W}`]).toBe(undefined);
    const { x } = await gradientErrors(opened, { parameters: [] });
    expect(x).toBeLessThan(1e-6);
  });
});

test('after some hundred steps pictures of bars are better than hybrids of them', async () => {
  const shape = [8, 12, 12, 1];
  const { session, inputs, values } = await stepOf({ shape });
  const bars = (seed: number): Tensor => {
    const random = Random.fromSeed(seed);
    const data = Float64Array.from({ length: 8 * 144 });
    for (let n = 0; n < 8; n += 1) {
      const [down, phase] = [n % 2 === 0, Math.floor(random.uniform() * 4)];
      for (let i = 0; i < 144; i += 1)
        data[n * 144 + i] = ((down ? Math.floor(i / 12) : i % 12) + phase) % 4 < 2 ? 1 : 0;
    }
    return { dtype: 'float32', shape, data };
  };
  const losses: number[] = [];
  let filters = values[W]!;
  for (let step = 0; step < 150; step += 1) {
    const outputs = await session.run('step', { ...inputs, x: bars(step), key: intsOf(1, step) });
    losses.push(lossOf(columns(filters), [bars(step), outputs[HYBRIDS]!], 1));
    const gradient = outputs[`gradient/${W}`]!;
    filters = {
      ...filters,
      data: Float64Array.from(filters.data, (w, i) => w - 2 * gradient.data[i]!),
    };
    await session.write({ [W]: filters });
  }
  const meanOf = (some: readonly number[]) =>
    some.reduce((sum, each) => sum + each, 0) / some.length;
  expect(meanOf(losses.slice(-20))).toBeLessThan(0.9 * meanOf(losses.slice(0, 20)));
  expect(meanOf(losses.slice(-20))).toBeLessThan(2 * Math.log(2)); // what guessing costs
});
