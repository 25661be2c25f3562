// Which checkpoint a trial may go on from.
import { expect, test } from 'vitest';
import type { TrialSpec } from '../../../crds/index.ts';
import { identityOf } from '../../../trainer/training/index.ts';
import { makeTrialSpec } from '../../builders/training.ts';

const recipe = { optimizer: { learningRate: 0.01 }, regularisation: { gradientClip: 1 } };
const spec = makeTrialSpec(recipe);

test.each<[string, TrialSpec]>([
  ['a seed', { ...spec, seed: spec.seed + 1 }],
  ['a genotype', { ...spec, genotype: 'lenet;conv2=uSF' }],
  ['a size', { ...spec, shape: { ...spec.shape, channels: 99 } }],
  ['a recipe', makeTrialSpec({ ...recipe, optimizer: { learningRate: 0.02 } })],
  ['a part of a recipe', makeTrialSpec({ ...recipe, regularisation: { gradientClip: 2 } })],
  ['pictures', { ...spec, dataset: { ...spec.dataset, splitSeed: 7 } }],
])('%s changed is another training', (_what, changed) => {
  expect(identityOf(changed)).not.toBe(identityOf(spec));
});

test('what a version before this one did not know of is none, where it is off', () => {
  const { constrainWeights: _, gradientClipValue: __, ...known } = spec.training.regularisation;
  const { alignment: ___, ...training } = { ...spec.training, regularisation: known };
  expect(identityOf({ ...spec, training } as unknown as TrialSpec)).toBe(identityOf(spec));
});

test('how a network is attacked does not change how it was trained', () => {
  const robustness = { pictures: 5, attacks: [{ name: 'fgsm' as const, norm: 'linf' as const }] };
  expect(identityOf({ ...spec, robustness })).toBe(identityOf(spec));
});
