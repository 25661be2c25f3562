// Predictive coding in whole networks: its inference by hand, where it comes to backpropagation, and what settling leaves alone.
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { type LearningRule, loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { type Network, underItsHead } from '../../../trainer/network/index.ts';
import { dense, flatten, learningBy, relu, sequential } from '../../../trainer/primitives/index.ts';
import { buildStepProgram } from '../../../trainer/training/index.ts';
import {
  combined,
  type Matrix,
  over,
  plus,
  product,
  rectified,
  softmax,
  transposed,
} from '../../builders/matrix.ts';
import { randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { openProbe, probeNetwork } from '../../builders/probe.ts';
import { angleBetween } from '../../builders/ruled-layers.ts';
import { numbers, takeSteps, writeStep } from '../../builders/step.ts';
import { distance, intsOf } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const rules = await loadLearningRules();
const reference = createReferenceExecutor();

const [N, CLASSES, WIDTHS] = [3, 4, [6, 5, 5]];
const task = { height: 2, width: 3, channels: 1, classes: CLASSES };

/** Three dense layers, ReLU between them. */
function threeLayers(rule: LearningRule): Network {
  const layer = sequential(
    ['flatten', flatten],
    ['fc1', learningBy(rule, dense(5))],
    ['relu1', relu],
    ['fc2', learningBy(rule, dense(5))],
    ['relu2', relu],
    ['fc3', learningBy(rule, dense(CLASSES))],
  );
  return underItsHead(task, (at, pictures) => {
    const { y, backward } = layer(at, pictures);
    return { logits: y.value, backward };
  });
}

const where = (v: Matrix, signal: Matrix): Matrix =>
  combined(v, signal, (value, each) => (value > 0 ? each : 0));

test('three dense layers settle and learn as the energy says', async () => {
  const { training } = makeTrialSpec({ batchSize: N });
  const statistics = { mean: [0], deviation: [1] };
  const plan = { network: threeLayers(rules.PC), task, statistics, training, evaluationBatch: 1 };
  const { program, variables } = buildStepProgram({ ...plan, expose: true });
  const session = await reference.open(program);
  const values = randomValues(variables.all);
  await session.write(values);
  const bytes = Uint8Array.from({ length: N * 6 }, (_, i) => (i * 67) % 256);
  const labels = [2, 0, 3];
  const outputs = await session.run('train', {
    pictures: { dtype: 'uint8', shape: [N, 2, 3, 1], data: bytes },
    labels: intsOf(...labels),
    key: intsOf(1, 0),
    rate: { dtype: 'float32', shape: [], data: Float32Array.of(0.1) },
  });
  const matrix = (name: string, columns: number, from: Tensors = values): Matrix => {
    const data = numbers(from, name);
    return Array.from({ length: data.length / columns }, (_, i) =>
      data.slice(i * columns, (i + 1) * columns),
    );
  };
  const [W1, W2, W3] = [5, 5, CLASSES].map((columns, i) => matrix(`fc${i + 1}/weight`, columns));
  const [b1, b2, b3] = [1, 2, 3].map((i) => numbers(values, `fc${i}/bias`));
  const x = over(matrix('x', 6, { x: { dtype: 'uint8', shape: [], data: bytes } }), 255);

  const mu1 = plus(product(x, W1!), b1!);
  const predictions = (v1: Matrix, v2: Matrix) => ({
    mu2: plus(product(rectified(v1), W2!), b2!),
    e: plus(product(rectified(v2), W3!), b3!).map((row, n) =>
      softmax(row).map((each, k) => each - (labels[n] === k ? 1 : 0)),
    ),
  });
  let v1 = mu1;
  let v2 = predictions(v1, v1).mu2;
  for (let step = 0; step < 8; step += 1) {
    const { mu2, e } = predictions(v1, v2);
    // dE/dv2 = v2 - mu2 + dLoss/dv2, then dE/dv1 = v1 - mu1 - relu'(v1) (v2 - mu2) W2^T with the v2 that has moved
    const above2 = where(v2, product(e, transposed(W3!)));
    v2 = combined(v2, combined(combined(v2, mu2, minus), above2, sum), (v, d) => v - 0.5 * d);
    const above1 = where(v1, product(combined(mu2, v2, minus), transposed(W2!)));
    v1 = combined(v1, combined(combined(v1, mu1, minus), above1, sum), (v, d) => v - 0.5 * d);
  }
  const { mu2, e } = predictions(v1, v2);
  const expected = {
    'fc1/weight': product(transposed(x), combined(mu1, v1, minus)),
    'fc2/weight': product(transposed(rectified(v1)), combined(mu2, v2, minus)),
    'fc2/bias': [
      combined(mu2, v2, minus).reduce((all, row) => all.map((each, j) => each + row[j]!)),
    ],
    'fc3/weight': product(transposed(rectified(v2)), e),
  };
  for (const [name, want] of Object.entries(expected))
    expect(numbers(outputs, `gradient/${name}`), name).toEqual(
      over(want, N)
        .flat()
        .map((each) => expect.closeTo(each, 9)),
    );
});

const minus = (a: number, b: number): number => a - b;
const sum = (a: number, b: number): number => a + b;

describe('beside backpropagation', () => {
  /** Gradients under a linear loss of slope `size` or so. */
  async function gradientsBy(rule: LearningRule, size: number): Promise<Tensors> {
    const probe = probeNetwork(threeLayers(rule), task, { batch: N });
    const { session, inputs } = await openProbe(reference, probe);
    const dy = inputs['dy']!;
    const data = Float64Array.from(dy.data, (each) => each * size);
    const outputs = await session.run('step', { ...inputs, dy: { ...dy, data } });
    return Object.fromEntries(Object.entries(outputs).filter(([name]) => /^gradient/.test(name)));
  }
  const settling = (steps: number): LearningRule => ({
    ...rules.PC,
    settles: { ...rules.PC.settles!, steps },
  });

  test('gradients come to its own where errors are small and nodes have settled', async () => {
    const exact = await gradientsBy(rules.BP, 1e-7);
    const few = await gradientsBy(settling(8), 1e-7);
    const many = await gradientsBy(settling(80), 1e-7);
    const large = await gradientsBy(settling(80), 3);
    const exactLarge = await gradientsBy(rules.BP, 3);
    expect(Object.keys(exact)).toHaveLength(WIDTHS.length * 2);
    for (const [name, tensor] of Object.entries(exact)) {
      expect(distance(many[name]!, tensor), name).toBeLessThan(1e-5);
      expect(angleBetween(few[name]!, tensor), name).toBeLessThan(3);
    }
    const W = 'gradient/fc1/weight';
    expect(distance(large[W]!, exactLarge[W]!)).toBeGreaterThan(0.01);
  });
});

describe('what settling leaves alone', () => {
  const { genotype } = SMALL_NETWORKS['nb201 that learns locally']!;
  const of = (rule: string) => genotype.replaceAll(':uSF', `:${rule}`).replaceAll(':FA', ':PEPITA');

  test('running statistics and local filters move once, by the first pass', async () => {
    const [nodes, none] = await Promise.all(
      ['PC', 'BP'].map(async (rule) =>
        takeSteps(await writeStep({}, 'nb201', { genotype: of(rule) })),
      ),
    );
    const kept = Object.keys(none!.after).filter((name) =>
      /running|edge\d\/conv\/weight/.test(name),
    );
    const same = kept.filter((name) => !/node(2\/edge1|3\/edge[12])\/conv/.test(name));
    expect(same.length).toBeGreaterThan(10);
    for (const name of same)
      expect(numbers(nodes!.after, name), name).toEqual(numbers(none!.after, name));
  });

  test('evaluation has no nodes, and its signal is that of backpropagation', async () => {
    const run = async (rule: LearningRule) => {
      const probe = probeNetwork(threeLayers(rule), task, { batch: N, mode: 'evaluate' });
      return (await openProbe(reference, probe)).outputs;
    };
    const [own, ordinary] = [await run(rules.PC), await run(rules.BP)];
    expect(own['dx']).toEqual(ordinary['dx']);
    expect(own['y']).toEqual(ordinary['y']);
  });
});
