// A network beside its controls: what is paired with what, and what the sentence dares to claim.
import { describe, expect, test } from 'vitest';
import { Comparison, compare } from '../../../cli/comparison/index.ts';
import type { Control, Final } from '../../../crds/index.ts';
import type { PlannedControl } from '../../../operator/search/index.ts';

type Trial = Parameters<typeof compare>[0]['trials'][number];
type Outcome = number | 'Diverged' | 'Failed' | 'Waiting';

const CONTROLS: Final['controls'] = { rules: [], conversion: false, random: 0, shuffled: 0 };
const BP: PlannedControl = { kind: 'rule', name: 'BP', genotype: 'all BP' };
const random = (draw: number): PlannedControl => ({
  kind: 'random',
  name: `random ${draw}`,
  genotype: `draw ${draw}`,
});

/** One trial a seed, seeds 1, 2, ...; a word is how a trial ended without an accuracy. */
function trained(outcomes: readonly Outcome[], control?: Control): Trial[] {
  return outcomes.map((outcome, k) => ({
    name: `${control?.name ?? 'network'} of seed ${k + 1}`,
    index: k,
    seed: k + 1,
    ...(control === undefined ? {} : { control: { kind: control.kind, name: control.name } }),
    ...(typeof outcome === 'number'
      ? { state: 'Trained', metrics: { testAccuracy: outcome } }
      : { state: outcome }),
  }));
}

function compared(
  trials: readonly Trial[],
  plan: readonly PlannedControl[] = [BP],
  controls: Partial<Final['controls']> = {},
): Comparison {
  const input = { index: 3, genotype: 'g', trials, plan, controls: { ...CONTROLS, ...controls } };
  const comparison = compare(input);
  if (comparison === undefined) throw new Error('expected a comparison');
  return Comparison.parse(comparison);
}

const NETWORK = [0.8, 0.82, 0.81, 0.83, 0.79];
const against = (outcomes: readonly Outcome[], network: readonly Outcome[] = NETWORK) =>
  compared([...trained(network), ...trained(outcomes, BP)]).variants[0]!;

describe('what may be claimed', () => {
  test.each<[string, readonly Outcome[], RegExp]>([
    [
      'a difference that every seed shows',
      [0.7, 0.73, 0.7, 0.74, 0.69],
      /^The network is better than BP throughout by 9\.80 points \(95 % interval 9\.\d+ to 1\d\.\d+, 5 seeds\)\.$/,
    ],
    [
      'a difference the other way',
      [0.9, 0.93, 0.9, 0.94, 0.89],
      /^The network is worse than BP throughout by 10\.20 points \(95 % interval −1\d\.\d+ to −9\.\d+, 5 seeds\)\.$/,
    ],
    [
      'no difference, where seeds disagree',
      [0.82, 0.8, 0.83, 0.78, 0.8],
      /^No difference shown to BP throughout \(mean difference 0\.40 points, 95 % interval −\d\.\d+ to \d\.\d+, 5 seeds\)\.$/,
    ],
    [
      'no difference, where there is none at all',
      NETWORK,
      /^No difference shown to BP throughout \(mean difference 0\.00 points, 95 % interval 0\.00 to 0\.00, 5 seeds\)\.$/,
    ],
    [
      'nothing of four seeds',
      [0.7, 0.7, 0.7, 0.7],
      /^No claim on BP throughout, for 4 seeds are too few: the network is 11\.50 points better on the mean\.$/,
    ],
    [
      'nothing of one',
      [0.9],
      /^No claim on BP throughout, for 1 seed is too few: the network is 10\.00 points worse on the mean\.$/,
    ],
    [
      'what diverged or failed is said',
      [0.7, 0.7, 'Diverged', 'Failed', 0.7],
      /too few: .*; left out: of the 5 trainings of the control 1 diverged, 1 failed\.$/,
    ],
    [
      'a control that never trained',
      ['Diverged', 'Diverged'],
      /^No claim on BP throughout: it diverged every time\.$/,
    ],
    [
      'one that has not been trained yet',
      ['Waiting', 'Diverged'],
      /^No claim on BP throughout: it has not been trained yet\.$/,
    ],
    ['one without a trial', [], /^No claim on BP throughout: it has not been trained yet\.$/],
  ])('%s', (_, outcomes, sentence) => {
    expect(against(outcomes).claim).toMatch(sentence);
  });

  test('of a network that failed, that', () => {
    const { claim } = against([0.7, 0.8], ['Failed', 'Failed']);
    expect(claim).toBe('No claim on BP throughout: the network failed every time.');
  });

  test('where no seed has trained both, that', () => {
    const { claim } = against(['Failed', 0.8], [0.8, 'Diverged']);
    expect(claim).toBe('No claim on BP throughout: no seed has trained both.');
  });
});

describe('pairs', () => {
  test('differences are taken seed by seed, whatever the order of the trials', () => {
    const trials = [...trained([0.8, 0.6]), ...trained([0.7, 0.4], BP)].toReversed();
    expect(compared(trials).variants[0]?.difference).toMatchObject({
      seeds: 2,
      mean: expect.closeTo(0.15, 12),
    });
  });

  test('a seed that only one of them has trained is no pair', () => {
    const variant = against([0.7, 'Diverged', 0.7], [0.8, 0.9, 'Failed']);
    expect(variant).toMatchObject({ trained: 2, diverged: 1, failed: 0, unfinished: 0 });
    expect(variant.difference).toEqual({ seeds: 1, mean: expect.closeTo(0.1, 12) });
  });

  test('draws of a kind are one variant: a seed counts by their mean', () => {
    const trials = [
      ...trained([0.8, 0.6]),
      ...trained([0.7, 0.5], random(1)),
      ...trained([0.5, 'Diverged'], random(2)),
    ];
    const [variant] = compared(trials, [random(1), random(2)], { random: 2 }).variants;
    expect(variant).toMatchObject({ kind: 'random', draws: 2, trained: 3, diverged: 1 });
    expect(variant?.difference?.mean).toBeCloseTo((0.2 + 0.1) / 2, 12);
    expect(variant?.claim).toMatch(/^No claim on 2 draws of random rules, for 2 seeds are too few/);
  });
});

describe('what was not trained apart is said', () => {
  test.each([
    ['the network', 'BP throughout is the network itself, so it was not trained apart.'],
    ['rest BP', 'BP throughout is the control rest BP, so it was not trained apart.'],
  ])('as %s', (sameAs, claim) => {
    const [variant] = compared(trained([0.8]), [{ ...BP, sameAs }]).variants;
    expect(variant).toMatchObject({ claim, trials: [] });
  });

  test('draws that do not exist', () => {
    const [variant] = compared(trained([0.8]), [], { shuffled: 2 }).variants;
    expect(variant?.claim).toBe(
      'No shuffled rules differ from the network and its other controls.',
    );
  });
});

test('one training without controls is nothing to compare; two are a spread', () => {
  const input = { index: 3, genotype: 'g', plan: [], controls: CONTROLS };
  expect(compare({ ...input, trials: trained([0.8]) })).toBeUndefined();
  expect(compare({ ...input, trials: trained([0.8, 0.9]) })).toMatchObject({
    trial: 'network of seed 1',
    mean: expect.closeTo(0.85, 12),
    standardDeviation: expect.closeTo(Math.SQRT1_2 / 10, 12),
    variants: [],
  });
});
