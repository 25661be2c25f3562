// Convolutions that learn by local rules: when they learn and by what, what they leave alone, and where their filters go.
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor, type Tensor } from '../../../trainer/executors/index.ts';
import {
  hebbianConvolution,
  type Layer,
  named,
  softHebbConvolution,
} from '../../../trainer/primitives/index.ts';
import type { Shape } from '../../../trainer/program/index.ts';
import { Random } from '../../../trainer/random.ts';
import { gradientErrors } from '../../builders/central-differences.ts';
import { openProbe, type ProbeOptions, probeLayer } from '../../builders/probe.ts';
import { answers, columns, dot, length, patchesOf, type Row } from './patches.ts';

const reference = createReferenceExecutor();

const LAYERS = { hebbian: hebbianConvolution, softHebb: softHebbConvolution } as const;
type Name = keyof typeof LAYERS;
const NAMES = Object.keys(LAYERS) as Name[];
const W = 'layer/conv/weight';
const SHAPE = [2, 5, 6, 3];

const layerOf = (name: Name, { filters = 4, stride = 1 } = {}): Layer =>
  named('layer', LAYERS[name]({ filters, kernel: 3, stride }));

const probeOf = (name: Name, options: ProbeOptions & { stride?: number } = {}) =>
  probeLayer(layerOf(name, options), SHAPE, options);

/** Its weights before and after a step. */
async function stepOf(...written: Parameters<typeof probeOf>) {
  const opened = await openProbe(reference, probeOf(...written));
  const { [W]: after } = await opened.session.read([W]);
  return { ...opened, before: opened.values[W]!, after: after! };
}

describe.each(NAMES)('%s', (name) => {
  test('learns in training, the same from the same', async () => {
    const [first, second] = [await stepOf(name), await stepOf(name)];
    expect(first.after.data).not.toEqual(first.before.data);
    expect(first.after.data).toEqual(second.after.data);
  });

  test('learns nothing in evaluation', async () => {
    const { before, after } = await stepOf(name, { mode: 'evaluate' });
    expect(after.data).toEqual(before.data);
  });

  test('learns whatever signal arrives', async () => {
    const { session, inputs, values, after } = await stepOf(name);
    const dy = inputs['dy']!;
    await session.write(values);
    await session.run('step', { ...inputs, dy: { ...dy, data: dy.data.map((d) => -3 * d) } });
    expect((await session.read([W]))[W]!.data).toEqual(after.data);
  });

  test('sends nothing back, and its weights have no gradient: only gamma and beta have', async () => {
    const { outputs } = await stepOf(name);
    const gradients = Object.keys(outputs).filter((key) => /^(dx|gradient|feedback)/.test(key));
    expect(gradients).toEqual(['gradient/layer/norm/gamma', 'gradient/layer/norm/beta']);
  });

  test('gamma and beta learn by the exact gradient', async () => {
    const probe = probeOf(name);
    const parameters = probe.variables.parameters.filter((each) => each.name !== W);
    const opened = await openProbe(reference, probe);
    await opened.session.write({ [W]: opened.values[W]! });
    const still = { ...opened, session: unlearning(opened) };
    const { x: _, ...errors } = await gradientErrors(still, { parameters });
    expect(Object.keys(errors)).toHaveLength(2);
    for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-6);
  });

  test('sends the true gradient where that is asked for', async () => {
    const opened = await openProbe(reference, probeOf(name, { mode: 'evaluate', exact: true }));
    const { x } = await gradientErrors(opened, { parameters: [] });
    expect(x).toBeLessThan(1e-6);
  });

  test('its weights count as parameters', () => {
    const names = probeOf(name).variables.parameters.map((each) => each.name);
    expect(names).toEqual([W, 'layer/norm/gamma', 'layer/norm/beta']);
  });
});

/** A session whose weights are where they were before each run. */
const unlearning = ({
  session,
  values,
}: Awaited<ReturnType<typeof openProbe>>): typeof session => ({
  ...session,
  read: (names) => session.read(names),
  write: (changed) => session.write(changed),
  close: () => session.close(),
  run: async (entry, inputs) => {
    await session.write({ [W]: values[W]! });
    return session.run(entry, inputs);
  },
});

describe.each([1, 2])('an update, patch by patch, at stride %i', (stride) => {
  test('of the Hebbian convolution', async () => {
    const { inputs, before, after } = await stepOf('hebbian', { stride });
    const patches = patchesOf(rectified(inputs['x']!), stride);
    const filters = columns(before);
    const expected = filters.map((row) => [...row]);
    for (const patch of patches) {
      const y = unit(answers(filters, patch));
      const x = unit(patch);
      for (const [i, row] of expected.entries())
        for (const k of row.keys()) {
          const decay = filters.reduce((sum, filter, j) => sum + y[j]! * filter[k]!, 0);
          row[k]! += (0.1 / patches.length) * y[i]! * (x[k]! - decay);
        }
    }
    expectRows(columns(after), expected);
  });

  test('of SoftHebb', async () => {
    const { inputs, before, after } = await stepOf('softHebb', { stride });
    const patches = patchesOf(centered(rectified(inputs['x']!)), stride);
    const filters = columns(before);
    const change = filters.map((row) => row.map(() => 0));
    for (const patch of patches) {
      const u = answers(filters, patch);
      const mass = u.reduce((sum, each) => sum + Math.exp(each), 0);
      const winner = u.indexOf(Math.max(...u));
      for (const [i, row] of change.entries()) {
        const y = (Math.exp(u[i]!) / mass) * (i === winner ? 1 : -1);
        for (const k of row.keys()) row[k]! += y * (patch[k]! - u[i]! * filters[i]![k]!);
      }
    }
    const largest = Math.max(...change.flat().map(Math.abs));
    const expected = filters.map((row, i) => {
      const rate = 0.05 * Math.sqrt(Math.abs(length(row) - 1) + 1e-10);
      return row.map((w, k) => w + (rate * change[i]![k]!) / largest);
    });
    expectRows(columns(after), expected);
  });
});

const unit = (row: Row): Row => row.map((each) => each / Math.max(length(row), 1e-12));

const rectified = (x: Tensor): Tensor => ({ ...x, data: x.data.map((each) => Math.max(0, each)) });

/** Each channel with mean 0 and variance 1. */
function centered(x: Tensor): Tensor {
  const channels = x.shape.at(-1) ?? 1;
  const of = (c: number) => Array.from(x.data).filter((_, i) => i % channels === c);
  const statistics = Array.from({ length: channels }, (_, c) => {
    const mean = of(c).reduce((sum, each) => sum + each, 0) / of(c).length;
    const variance = of(c).reduce((sum, each) => sum + (each - mean) ** 2, 0) / of(c).length;
    return [mean, Math.sqrt(variance + 1e-5)] as const;
  });
  const data = Float64Array.from(x.data, (each, i) => {
    const [mean, deviation] = statistics[i % channels]!;
    return (each - mean) / deviation;
  });
  return { ...x, data };
}

function expectRows(got: readonly Row[], expected: readonly Row[]): void {
  for (const [i, row] of got.entries())
    for (const [k, each] of row.entries()) expect(each).toBeCloseTo(expected[i]![k]!, 10);
}

/** Pictures of bars: a wave of some direction, length and phase each. */
function bars([n = 0, h = 0, w = 0]: Shape, seed: number): Tensor {
  const random = Random.fromSeed(seed);
  const data = new Float64Array(n * h * w);
  for (let picture = 0; picture < n; picture += 1) {
    const [angle, wave, phase] = [
      random.uniform() * Math.PI,
      0.6 + random.uniform(),
      random.uniform() * 7,
    ];
    for (let i = 0; i < h * w; i += 1) {
      const along = Math.cos(angle) * Math.floor(i / w) + Math.sin(angle) * (i % w);
      data[picture * h * w + i] = 0.5 + Math.sin(along * wave + phase);
    }
  }
  return { dtype: 'float32', shape: [n, h, w, 1], data };
}

/** The filters after so many steps, each on pictures of its own. */
async function trained(name: Name, steps: number): Promise<readonly Row[]> {
  const shape = [4, 8, 8, 1];
  const { session, inputs } = await openProbe(
    reference,
    probeLayer(layerOf(name, { filters: 6 }), shape),
  );
  for (let step = 0; step < steps; step += 1)
    await session.run('step', { ...inputs, x: bars(shape, step) });
  return columns((await session.read([W]))[W]!);
}

/** Between each two filters. */
const cosines = (filters: readonly Row[]): number[] =>
  filters.flatMap((a, i) =>
    filters.slice(i + 1).map((b) => Math.abs(dot(a, b)) / length(a) / length(b)),
  );

describe('after hundreds of steps on bars', () => {
  test('Hebbian filters are bounded, and at right angles to each other', async () => {
    const filters = await trained('hebbian', 250);
    for (const filter of filters) {
      expect(length(filter)).toBeLessThan(1.1);
      expect(length(filter)).toBeGreaterThan(0.5);
    }
    expect(Math.max(...cosines(filters))).toBeLessThan(0.3);
  });

  test('SoftHebb filters have length 1, and many directions', async () => {
    const filters = await trained('softHebb', 250);
    for (const filter of filters) expect(Math.abs(length(filter) - 1)).toBeLessThan(0.1);
    const between = cosines(filters);
    expect(between.reduce((sum, each) => sum + each, 0) / between.length).toBeLessThan(0.6);
  });
});
