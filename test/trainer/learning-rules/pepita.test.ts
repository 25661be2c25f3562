// PEPITA in whole networks: its algorithm by hand, what its second pass leaves alone, and what lies beside layers that send nothing.
import { describe, expect, test } from 'vitest';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { loadLearningRules } from '../../../trainer/learning-rules/index.ts';
import { underItsHead } from '../../../trainer/network/index.ts';
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
import { makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { openProbe, probeNetwork } from '../../builders/probe.ts';
import { norm, numbers, type Step, takeSteps, writeStep } from '../../builders/step.ts';
import { intsOf } from '../../builders/tensors.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const { PEPITA } = await loadLearningRules();
const reference = createReferenceExecutor();

const EDGES = 'nor_conv_3x3:PEPITA~0|skip_connect~0,nor_conv_1x1:PEPITA~1';
const throughout = `nb201;${EDGES}|avg_pool_3x3~0,none~1,nor_conv_3x3:PEPITA~2;rest=PEPITA`;
const onEdges = throughout.replace('rest=PEPITA', 'rest=BP');

test('two dense layers learn as algorithm 1 of the paper says', async () => {
  const [N, CLASSES] = [3, 4];
  const layer = sequential(
    ['flatten', flatten],
    ['fc1', learningBy(PEPITA, dense(5))],
    ['relu', relu],
    ['fc2', learningBy(PEPITA, dense(CLASSES))],
  );
  const task = { height: 2, width: 3, channels: 1, classes: CLASSES };
  const network = underItsHead(task, (at, pictures) => {
    const { y, backward } = layer(at, pictures);
    return { logits: y.value, backward };
  });
  const { training } = makeTrialSpec({ batchSize: N });
  const statistics = { mean: [0], deviation: [1] };
  const plan = { network, task, statistics, training, evaluationBatch: 1, expose: true };
  const { program, variables } = buildStepProgram(plan);
  const session = await reference.open(program);
  const values = randomValues(variables.all);
  await session.write(values);
  const bytes = Uint8Array.from({ length: N * 6 }, (_, i) => (i * 67) % 256);
  const outputs = await session.run('train', {
    pictures: { dtype: 'uint8', shape: [N, 2, 3, 1], data: bytes },
    labels: intsOf(2, 0, 3),
    key: intsOf(1, 0),
    rate: { dtype: 'float32', shape: [], data: Float32Array.of(0.1) },
  });
  const matrix = (name: string, columns: number, from: Tensors = values): Matrix => {
    const data = numbers(from, name);
    return Array.from({ length: data.length / columns }, (_, i) =>
      data.slice(i * columns, (i + 1) * columns),
    );
  };
  const [W1, W2, F] = [matrix('fc1/weight', 5), matrix('fc2/weight', 4), matrix('PEPITA/F', 4)];
  const [b1, b2] = [numbers(values, 'fc1/bias'), numbers(values, 'fc2/bias')];

  const x = over(
    matrix('pictures', 6, { pictures: { dtype: 'uint8', shape: [], data: bytes } }),
    255,
  );
  const h = rectified(plus(product(x, W1), b1));
  const answers = plus(product(h, W2), b2).map(softmax);
  const e = answers.map((row, n) => row.map((each, k) => each - ([2, 0, 3][n] === k ? 1 : 0)));
  const x2 = combined(x, product(e, transposed(F)), (a, b) => a + b);
  const h2 = rectified(plus(product(x2, W1), b1));
  const change = combined(h, h2, (a, b) => a - b);
  const expected = {
    'fc1/weight': over(product(transposed(x2), change), N),
    'fc1/bias': [over(change, N).reduce((sum, row) => sum.map((each, j) => each + row[j]!))],
    'fc2/weight': over(product(transposed(h2), e), N),
    'fc2/bias': [over(e, N).reduce((sum, row) => sum.map((each, j) => each + row[j]!))],
  };
  for (const [name, want] of Object.entries(expected)) {
    const got = numbers(outputs, `gradient/${name}`);
    expect(norm(got), name).toBeGreaterThan(0);
    expect(got, name).toEqual(want.flat().map((each) => expect.closeTo(each, 9)));
  }
});

const names = (step: Step, pattern: RegExp): string[] =>
  Object.keys(step.outputs).filter((name) => pattern.test(name));

describe('the second pass', () => {
  test('is written where a layer asks for it, and nowhere else', async () => {
    const countOf = async (genotype: string) => {
      const { program, variables } = await writeStep({}, 'nb201', { genotype });
      const convolutions = (entry: string) =>
        program.entries[entry]!.operations.filter(
          ({ kind, name }) => kind === 'conv2d' && name.startsWith('stem/conv/'),
        ).length;
      const F = variables.all.filter(({ name }) => name === 'PEPITA/F').length;
      return { train: convolutions('train'), evaluate: convolutions('evaluate'), F };
    };
    const none = SMALL_NETWORKS['nb201']!.genotype;
    expect(await countOf(none)).toEqual({ train: 1, evaluate: 1, F: 0 });
    expect(await countOf(throughout)).toEqual({ train: 2, evaluate: 1, F: 1 });
    expect(await countOf(onEdges)).toEqual({ train: 2, evaluate: 1, F: 1 });
  });

  test('keeps nothing: running statistics and filters that learn locally are those of the first', async () => {
    const edges = onEdges.replace('skip_connect~0', 'hebbian_conv_3x3~0');
    const [with_, without] = await Promise.all(
      [edges, edges.replaceAll('PEPITA', 'BP')].map(async (genotype) =>
        takeSteps(await writeStep({}, 'nb201', { genotype })),
      ),
    );
    const kept = Object.keys(without!.after).filter(
      (name) => /running/.test(name) || name === 'stage1/cell0/node2/edge0/conv/weight',
    );
    expect(kept.length).toBeGreaterThan(10);
    for (const name of kept)
      expect(numbers(with_!.after, name), name).toEqual(numbers(without!.after, name));
  });

  test('drops the same paths: without F nothing changes and only the last layer learns', async () => {
    const genotype =
      'darts;normal=sep_conv_3x3:PEPITA~0,skip_connect~1|skip_connect~0,skip_connect~2|skip_connect~0,skip_connect~3|skip_connect~0,skip_connect~4;reduce=max_pool_3x3~0,dil_conv_3x3:PEPITA~1|skip_connect~0,skip_connect~2|skip_connect~0,skip_connect~3|skip_connect~0,skip_connect~4;rest=PEPITA';
    const recipe = { regularisation: { dropPath: 0.5, gradientClip: 0 } };
    const step = await writeStep(recipe, 'darts', { genotype });
    const { outputs } = await takeSteps(step, { without: ['PEPITA/F'], epoch: 1 });
    const moved = Object.keys(outputs).filter(
      (name) => name.startsWith('gradient/') && norm(numbers(outputs, name)) > 0,
    );
    expect(numbers(outputs, 'feedback/PEPITA').every((each) => each === 0)).toBe(true);
    expect(moved).toEqual(['gradient/classifier/fc/weight', 'gradient/classifier/fc/bias']);
  });
});

describe('beside other rules', () => {
  test('each layer has a distance to backpropagation, the first among them, and no B', async () => {
    const { measured } = await writeStep({ alignment: true }, 'nb201', { genotype: throughout });
    expect(measured.length).toBeGreaterThan(10);
    for (const { layer, ...seen } of measured)
      expect(seen, layer).toEqual({ rule: 'PEPITA', comparable: false });
  });

  test('throughout, attacks along its signal find none, and the true gradient where they ask for that', async () => {
    const small = { ...SMALL_NETWORKS['nb201']!, genotype: throughout };
    const network = await makeNetwork(small);
    const slope = async (exact: boolean) =>
      (await openProbe(reference, probeNetwork(network, small.task, { mode: 'evaluate', exact })))
        .outputs['dx'];
    expect(await slope(false)).toBe(undefined);
    expect(norm([...(await slope(true))!.data])).toBeGreaterThan(0);
  });

  test('throughout, every weight learns, and gammas and betas hear nothing', async () => {
    const step = await takeSteps(await writeStep({}, 'nb201', { genotype: throughout }));
    const learning = names(step, /^gradient/);
    expect(learning).toEqual(
      step.names.filter((name) => /weight|bias/.test(name)).map((name) => `gradient/${name}`),
    );
    for (const name of learning) expect(norm(numbers(step.outputs, name)), name).toBeGreaterThan(0);
  });

  test('the head learns by its own rule, and what it is told goes round by the paths that are open', async () => {
    const step = await takeSteps(await writeStep({}, 'nb201', { genotype: onEdges }));
    const exact = await takeSteps(
      await writeStep({}, 'nb201', { genotype: onEdges.replaceAll('PEPITA', 'BP') }),
    );
    const head = 'gradient/classifier/fc/weight';
    expect(numbers(step.outputs, head)).toEqual(numbers(exact.outputs, head));
    const stem = 'gradient/stem/conv/weight';
    expect(norm(numbers(step.outputs, stem))).toBeGreaterThan(0);
    expect(numbers(step.outputs, stem)).not.toEqual(numbers(exact.outputs, stem));
  });
});
