// Median and plateau stop against hand-made curves.
import { describe, expect, test } from 'vitest';
import { stopAfter } from '../../../../crds/index.ts';
import { medianStop } from '../../../../operator/search/scheduling/median-stop.ts';
import { plateauStop } from '../../../../operator/search/scheduling/plateau-stop.ts';

const context = (metric: 'accuracy' | 'loss', settings = {}) => ({
  settings: { name: 'median-stop' as const, ...settings },
  epochs: 4,
  objectives: [{ metric, goal: metric === 'loss' ? ('minimize' as const) : ('maximize' as const) }],
});

/** Trials that ended with these curves, and the bars of the one that begins then. */
function barsAfter(curves: readonly (readonly number[])[], of = context('accuracy')) {
  const state = curves.reduce(
    (now, curve, index) =>
      medianStop.report(now, {
        index,
        outcome: { kind: 'scored', objectives: [curve.at(-1) ?? 0] },
        ended: true,
        curve,
      }),
    medianStop.init(of),
  );
  return medianStop.start(state, curves.length).plan.stopping;
}

const CURVES = [
  [0.2, 0.4, 0.6, 0.8], // running averages 0.2 0.3 0.4 0.5
  [0.4, 0.4, 0.4, 0.4], //                  0.4 0.4 0.4 0.4
  [0.1, 0.5, 0.9, 0.9], //                  0.1 0.3 0.5 0.6
];

describe('median stop', () => {
  test('bars are the medians of running averages', () => {
    const bars = barsAfter(CURVES)?.bars;
    expect(bars).toHaveLength(4);
    for (const [k, want] of [0.2, 0.3, 0.4, 0.5].entries()) expect(bars?.[k]).toBeCloseTo(want, 5);
  });

  test('there are none before enough others have ended', () => {
    expect(barsAfter(CURVES.slice(0, 2))).toBeUndefined();
    expect(barsAfter(CURVES.slice(0, 2), context('accuracy', { others: 2 }))?.bars).toHaveLength(4);
  });

  test('there are none where too few others went', () => {
    expect(barsAfter([...CURVES.slice(0, 2), [0.1, 0.5]])?.bars).toHaveLength(2);
  });

  test.each([
    ['goes on within the grace', [0.1, 0.1], undefined],
    ['ends where its best is below', [0.1, 0.2, 0.3], 'BelowMedian'],
    ['goes on where its best is not below, though its last is', [0.1, 0.5, 0.2], undefined],
    ['goes on where it is at the bar', [0, 0, 0.4], undefined],
  ])('a trial %s', (_what, curve, want) => {
    expect(stopAfter(barsAfter(CURVES)!, curve)).toBe(want);
  });

  test('of a loss less is better', () => {
    const stopping = barsAfter(CURVES, context('loss', { minEpochs: 1 }))!;
    expect(stopAfter(stopping, [0.19])).toBeUndefined();
    expect(stopAfter(stopping, [0.21])).toBe('BelowMedian');
  });
});

describe('plateau stop', () => {
  const stoppingOf = (settings = {}, metric: 'accuracy' | 'loss' = 'accuracy') =>
    plateauStop.start(plateauStop.init(context(metric, { name: 'plateau-stop', ...settings })), 0)
      .plan.stopping!;

  test.each([
    ['goes on while it gains', [0.1, 0.2, 0.3, 0.4], {}, undefined],
    ['ends after `patience` epochs without', [0.5, 0.4, 0.5], { patience: 2 }, 'Plateau'],
    [
      'ends after gains below minDelta',
      [0.5, 0.504, 0.508],
      { patience: 2, minDelta: 0.01 },
      'Plateau',
    ],
    ['goes on before patience is over', [0.5, 0.4], { patience: 2, minEpochs: 1 }, undefined],
    ['goes on before minEpochs', [0.5, 0.4, 0.4], { patience: 2, minEpochs: 4 }, undefined],
  ])('a trial %s', (_what, curve, settings, want) => {
    expect(stopAfter(stoppingOf(settings), curve)).toBe(want);
  });

  test('of a loss less is better', () => {
    const stopping = stoppingOf({ patience: 2 }, 'loss');
    expect(stopAfter(stopping, [0.5, 0.4, 0.3])).toBeUndefined();
    expect(stopAfter(stopping, [0.3, 0.4, 0.5])).toBe('Plateau');
  });
});
