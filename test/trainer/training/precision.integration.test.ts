// training.precision on TensorFlow: gradients of every rule beside the float64 reference's, losses beside float32's, and
// the scale of float16's loss.
import { describe, expect, test } from 'vitest';
import {
  FULL_PRECISION_RULES,
  LEARNING_RULES,
  type LearningRuleName,
} from '../../../crds/index.ts';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { convolution, dense, named } from '../../../trainer/primitives/index.ts';
import {
  createProgram,
  inLowPrecision,
  type LowPrecision,
} from '../../../trainer/program/index.ts';
import { takeFewSteps } from '../../builders/few-steps.ts';
import { convertedTo, SMALL_NETWORKS } from '../../builders/networks.ts';
import { inFloat32, openProbe, type Probe, probeLayer } from '../../builders/probe.ts';
import { numbers, plainSgd, takeSteps, writeStep } from '../../builders/step.ts';
import { tensorFlow } from '../../builders/tensorflow.ts';
import { distance } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const rules = await loadLearningRules();
const LOW = LEARNING_RULES.filter(
  (name) => !(FULL_PRECISION_RULES as readonly string[]).includes(name),
);

/** Of a number that comes of operands and a result, each rounded; TensorFlow's kernels of float16 for CPUs add up in it, too. */
const TOLERANCE: Readonly<Record<LowPrecision, number>> = {
  bfloat16: 3 * 2 ** -8,
  float16: 8 * 2 ** -11,
};
/** Of losses, in nats; networks of one rule each are up to 0.07 apart after fifty steps (docs/adr/0035). */
const CURVE = 0.1;

const lowered = (probe: Probe, precision: LowPrecision): Probe => {
  const { variables, entries } = probe.program;
  const rewritten = Object.values(entries).map((entry) => inLowPrecision(entry, precision));
  return { ...probe, program: createProgram(variables, rewritten) };
};

const genotypeOf = (rulesOfLayers: readonly LearningRuleName[]): string =>
  `resnet20;${[1, 2, 3]
    .flatMap((s) => [1, 2, 3].flatMap((b) => [1, 2].map((c) => `stage${s}.block${b}.conv${c}`)))
    .map((layer, i) => `${layer}=${rulesOfLayers[i % rulesOfLayers.length]}`)
    .join()},fc=${rulesOfLayers[0]}`;

describe.skipIf(tensorFlow === undefined)('on TensorFlow', () => {
  test.each(
    LOW.flatMap((rule) => (['bfloat16', 'float16'] as const).map((low) => [rule, low] as const)),
  )('%s in %s: what a layer answers, learns by and sends', async (rule, precision) => {
    for (const [layer, shape] of [
      [convolution({ filters: 5, kernel: 3, padding: 1, bias: true }), [2, 5, 6, 3]],
      [dense(5), [4, 7]],
    ] as const) {
      const probe = probeLayer(named('layer', layer), shape, { rule: rules[rule], classes: 3 });
      const truth = await openProbe(createReferenceExecutor(), probe);
      const session = await tensorFlow!.open(lowered(probe, precision).program);
      await session.write(inFloat32(truth.values));
      const outputs = await session.run('step', inFloat32(truth.inputs));
      session.close();
      for (const [name, tensor] of Object.entries(truth.outputs))
        expect(distance(outputs[name]!, tensor), name).toBeLessThan(TOLERANCE[precision]);
    }
  });

  test('fifty steps of a network with every rule in it lose as in float32', async () => {
    const shape = { channels: 4 };
    const specOf = (precision: 'float32' | 'bfloat16') =>
      makeTrialSpec(
        {
          batchSize: 16,
          precision,
          schedule: { name: 'constant' },
          optimizer: { learningRate: 0.01 },
        },
        { genotype: genotypeOf(LOW), shape, dataset: { name: 'cifar10' } },
      );
    const curves = [];
    for (const precision of ['float32', 'bfloat16'] as const)
      curves.push(await takeFewSteps(specOf(precision), { executor: tensorFlow!, steps: 50 }));
    const [full, low] = curves.map(({ losses }) => losses) as [number[], number[]];
    expect(full.at(-1)).toBeLessThan(0.9 * (full[0] ?? 0));
    for (const [i, loss] of full.entries())
      expect(Math.abs((low[i] ?? 0) - loss), `step ${i}`).toBeLessThan(CURVE);
  });

  test('layers that learn by themselves change their weights as in float32', async () => {
    const family = 'nb201 that learns locally';
    const after: Tensors[] = [];
    for (const precision of ['float32', 'float16'] as const) {
      const written = await writeStep({ precision }, family);
      after.push((await takeSteps(written, { executor: tensorFlow! })).after);
    }
    const [full, low] = after;
    const local = Object.keys(full!).filter((name) => /edge.*conv\/weight$/.test(name));
    expect(local.length).toBeGreaterThan(3);
    for (const name of local) expect(distance(low![name]!, full![name]!), name).toBeLessThan(0.05);
  });
});

describe("float16's loss", () => {
  const recipe = {
    optimizer: { ...plainSgd, momentum: 0.9 },
    regularisation: { gradientClip: 5, gradientClipValue: 0.05 },
  };
  const exact = (precision: 'float32' | 'float16', genotype: string) =>
    writeStep({ ...recipe, precision }, 'nb201', { genotype });

  /** The step of float16 with its products left in full: all that differs is the scale. */
  test.each(LOW)('is scaled and gradients are not, under %s', async (rule) => {
    const genotype = convertedTo(rule, SMALL_NETWORKS['nb201']!.genotype);
    const plain = await takeSteps(await exact('float32', genotype));
    const scaled = await exact('float16', genotype);
    const entry = scaled.program.entries['train']!;
    const operations = entry.operations.map((operation) => ({
      ...operation,
      outputs: operation.outputs.map((value) => Object.assign(value, { dtype: wide(value.dtype) })),
    }));
    const program = createProgram(scaled.program.variables, [{ ...entry, operations }]);
    const step = await takeSteps({ ...scaled, program });
    for (const [name, tensor] of Object.entries(plain.outputs))
      if (name.startsWith('gradient/'))
        expect(distance(step.outputs[name]!, tensor), name).toBeLessThan(1e-9);
  });

  test('grows after many finite steps; one that is not halves it and changes nothing else', async () => {
    const written = await writeStep({ ...recipe, precision: 'float16' });
    const start = await takeSteps(written);
    expect(numbers(start.after, 'lossScale')).toEqual([2 ** 16]);
    expect(numbers(start.after, 'finiteSteps')).toEqual([1]);
    const executor = createReferenceExecutor();
    const open = executor.open.bind(executor);
    const from = (scale: number, steps: number) => ({
      ...executor,
      open: async (...args: Parameters<typeof open>) => {
        const session = await open(...args);
        const write = session.write.bind(session);
        const scalar = (value: number) => ({
          dtype: 'float32' as const,
          shape: [],
          data: Float32Array.of(value),
        });
        session.write = (values) =>
          write({ ...values, lossScale: scalar(scale), finiteSteps: scalar(steps) });
        return session;
      },
    });
    const grown = await takeSteps(written, { executor: from(2, 1999) });
    expect(numbers(grown.after, 'lossScale')).toEqual([4]);
    expect(numbers(grown.after, 'finiteSteps')).toEqual([0]);
    const skipped = await takeSteps(written, { executor: from(2 ** 60, 5) });
    expect(numbers(skipped.after, 'lossScale')).toEqual([2 ** 59]);
    expect(numbers(skipped.after, 'finiteSteps')).toEqual([0]);
    expect(numbers(skipped.after, 'skippedSteps')).toEqual([1]);
    for (const name of skipped.names) {
      expect(skipped.after[name], name).toEqual(skipped.before[name]);
      expect(skipped.after[`${name}/momentum`]).toEqual(skipped.before[`${name}/momentum`]);
      expect(grown.after[name], name).not.toEqual(grown.before[name]);
    }
  });
});

const wide = (dtype: string) => (dtype === 'float16' ? 'float32' : dtype);

test.each(
  FULL_PRECISION_RULES.flatMap((rule) => [
    [rule, 'bfloat16', { precision: 'bfloat16' } as const],
    [rule, 'tensorFloat32', { device: { tensorFloat32: true } } as const],
  ]),
)('%s is refused in %s, with its layer', async (rule, low, recipe) => {
  const genotype = convertedTo(rule, SMALL_NETWORKS['nb201']!.genotype);
  await expect(writeStep(recipe, 'nb201', { genotype })).rejects.toThrow(
    new RegExp(`training.precision: expected float32, got ${low}: .* learns by ${rule}`),
  );
});
