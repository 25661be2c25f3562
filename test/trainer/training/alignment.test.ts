// How far a step by mixed rules is from backpropagation: the entry's numbers against two programs, one of them all backpropagation.
import { beforeAll, describe, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../../trainer/executors/index.ts';
import { byRule, layerAlignments } from '../../../trainer/training/alignment.ts';
import { buildStepProgram } from '../../../trainer/training/index.ts';
import { stepInputs } from '../../../trainer/training/step-inputs.ts';
import { convertedTo, makeNetwork, randomValues, SMALL_NETWORKS } from '../../builders/networks.ts';
import { angleBetween, norm } from '../../builders/ruled-layers.ts';
import { makeTrialSpec, openMadeUp, TASK } from '../../builders/training.ts';

const NAMES = ['resnet-20', 'nb201', 'darts'] as const;
const spec = makeTrialSpec({
  batchSize: 4,
  regularisation: { auxiliaryWeight: 0.4, dropPath: 0.2 },
});

/** What a step of this genotype says, from the same weights. */
async function stepOf(name: (typeof NAMES)[number], genotype: string) {
  const small = SMALL_NETWORKS[name]!;
  const extras = { auxiliary: name === 'darts', dropPath: name === 'darts' };
  const network = await makeNetwork({ ...small, genotype, task: TASK }, extras);
  const { data, statistics, task } = openMadeUp(spec);
  const { training } = spec;
  const plan = { network, task, statistics, training, evaluationBatch: 1, expose: true };
  const { program, variables, measured } = buildStepProgram(plan);
  const session = await createReferenceExecutor().open(program);
  const values = randomValues(variables.all);
  await session.write(values);
  for await (const batch of data.training(0, 0)) {
    const inputs = (entry: 'train' | 'align') =>
      stepInputs({ spec, data, task, program }, { epoch: 1, step: 0 }, batch, entry);
    const { alignment } = await session.run('align', inputs('align'));
    const untouched = await session.read();
    const outputs = await session.run('train', inputs('train'));
    return { values, untouched, outputs, layers: layerAlignments(measured, alignment!.data) };
  }
  throw new Error('no batch');
}

describe.each(NAMES)('%s', (name) => {
  const mixed = SMALL_NETWORKS[name]!.genotype;
  let [rules, twin]: Awaited<ReturnType<typeof stepOf>>[] = [];
  beforeAll(async () => {
    const most = convertedTo('DFA', mixed, ['frSF']);
    rules = await stepOf(name, convertedTo('WM', most, ['BP']));
    twin = await stepOf(name, convertedTo('BP', mixed));
  }, 60_000);

  test('angles and ratios of gradients are those between two programs, layer by layer', () => {
    expect(rules!.layers.length).toBeGreaterThan(4);
    for (const { layer, gradientAngle, gradientRatio } of rules!.layers) {
      const gradient = `gradient/${layer}/weight`;
      const [own, exact] = [rules!.outputs[gradient]!, twin!.outputs[gradient]!];
      expect(gradientAngle, layer).toBeCloseTo(angleBetween(own, exact), 4);
      expect(gradientRatio, layer).toBeCloseTo(norm(own) / norm(exact), 6);
    }
  });

  test('angles and ratios of feedback weights are those of what the step sends through', () => {
    const { layers, outputs, values } = rules!;
    for (const { layer, rule, feedbackAngle, feedbackRatio } of layers) {
      const B = outputs[`feedback/${layer}`];
      expect(rule === undefined).toBe(B === undefined);
      const W = values[`${layer}/weight`]!;
      // Of direct feedback alignment only the last layer's has.
      if (B?.shape.join() !== W.shape.join()) {
        expect([feedbackAngle, feedbackRatio], layer).toEqual([undefined, undefined]);
        continue;
      }
      expect(feedbackAngle, layer).toBeCloseTo(angleBetween(B, W), 4);
      expect(feedbackRatio, layer).toBeCloseTo(norm(B) / norm(W), 6);
    }
  });

  test('backpropagation everywhere is no distance at all', () => {
    const { layers } = twin!;
    for (const { layer, gradientAngle, feedbackAngle = 0 } of layers) {
      expect(gradientAngle, layer).toBeLessThan(1e-4);
      expect(feedbackAngle, layer).toBeLessThan(1e-4);
    }
  });

  test('looking changes nothing', () => {
    const { values, untouched } = rules!;
    for (const [variable, { data }] of Object.entries(untouched))
      expect(Array.from(data), variable).toEqual(Array.from(values[variable]!.data));
  });
});

describe('numbers of a layer', () => {
  const layer = { layer: 'conv', rule: 'FA', comparable: true };

  test.each([
    [
      'at right angles',
      [0, 4, 1, 0, 9, 1],
      { feedbackAngle: 90, feedbackRatio: 2, gradientAngle: 90, gradientRatio: 3 },
    ],
    [
      'opposed',
      [-1, 1, 1, -2, 4, 1],
      { feedbackAngle: 180, feedbackRatio: 1, gradientAngle: 180, gradientRatio: 2 },
    ],
    [
      'a hair above one by rounding',
      [1.0000001, 1, 1, 1, 1, 1],
      { feedbackAngle: 0, gradientAngle: 0 },
    ],
  ])('%s', (_what, numbers, expected) => {
    expect(layerAlignments([layer], numbers)).toEqual([expect.objectContaining(expected)]);
  });

  test.each([
    ['a gradient of zeros', [1, 1, 1, 0, 0, 1]],
    ['a gradient that is no number', [1, 1, 1, Number.NaN, Number.NaN, 1]],
    ['a gradient beyond the numbers', [1, 1, 1, Infinity, Infinity, 1]],
  ])('%s has no angle', (_what, numbers) => {
    const [measured] = layerAlignments([layer], numbers);
    expect(measured).toEqual({ layer: 'conv', rule: 'FA', feedbackAngle: 0, feedbackRatio: 1 });
  });

  test('a rule has the means of its layers that have a measure', () => {
    const measured = [
      { layer: 'a', gradientAngle: 10 },
      { layer: 'b', rule: 'FA', feedbackAngle: 80, gradientAngle: 40 },
      { layer: 'c', rule: 'FA', gradientAngle: 20 },
      { layer: 'd', rule: 'DFA', gradientAngle: 70 },
    ];
    expect(byRule(measured)).toEqual([
      { rule: 'FA', layers: 2, feedbackAngle: 80, gradientAngle: 30 },
      { rule: 'DFA', layers: 1, gradientAngle: 70 },
    ]);
  });
});
