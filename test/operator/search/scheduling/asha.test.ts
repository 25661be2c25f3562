// ASHA by itself: who is promoted, when, and from where.
import { describe, expect, test } from 'vitest';
import { type AshaState, asha } from '../../../../operator/search/scheduling/asha.ts';
import { PromotionError } from '../../../../operator/search/scheduling/index.ts';

const init = (epochs: number, settings = {}) =>
  asha.init({
    settings: { name: 'asha', ...settings },
    epochs,
    objectives: [{ metric: 'accuracy', goal: 'maximize' }],
  });

const scored = (index: number, value: number, { ended = false } = {}) => ({
  index,
  outcome: { kind: 'scored' as const, objectives: [value] },
  ended,
});

/** Networks 0, 1, ... report these values at the lowest rung. */
const atFirstRung = (values: readonly number[], state: AshaState): AshaState =>
  values.reduce((now, value, index) => asha.report(now, scored(index, value)), state);

const next = (state: AshaState) => asha.decide(state, { mayStart: true });

describe('rungs', () => {
  test.each([
    ['powers of 3 by default, from 1', 27, {}, [1, 3, 9, 27]],
    ['powers of 4', 64, { eta: 4 }, [1, 4, 16, 64]],
    ['from minEpochs', 81, { minEpochs: 3 }, [3, 9, 27, 81]],
    ['the last is the whole training, whatever it is', 20, {}, [1, 3, 9, 20]],
  ])('%s', (_what, epochs, settings, want) => {
    expect(init(epochs, settings).epochs).toEqual(want);
  });
});

describe('promotion', () => {
  test('waits until a rung has eta networks', () => {
    expect(next(atFirstRung([0.9, 0.1], init(9)))).toEqual({ kind: 'start' });
    expect(next(atFirstRung([0.1, 0.9, 0.2], init(9)))).toEqual({ kind: 'promote', index: 1 });
  });

  test('happens once: then a new network starts', () => {
    const state = atFirstRung([0.1, 0.9, 0.2], init(9));
    const { state: after, plan } = asha.promote(state, 1);
    expect(plan).toEqual({ epochs: 3, pauses: true });
    expect(next(after)).toEqual({ kind: 'start' });
  });

  test('is of the best of the top third that has not gone on, though it came early', () => {
    const state = atFirstRung([0.8, 0.9, 0.2, 0.1, 0.3, 0.4], init(9));
    expect(next(asha.promote(state, 1).state)).toEqual({ kind: 'promote', index: 0 });
  });

  test('is of feasible networks first, then of those that are less far outside', () => {
    const outside = (index: number, value: number, violation: number) => ({
      index,
      outcome: { kind: 'scored' as const, objectives: [value], violation },
      ended: false,
    });
    let state = atFirstRung([0.1], init(9));
    for (const [index, violation] of [0.3, 0.2, 0.5, 0.4, 0.6].entries())
      state = asha.report(state, outside(index + 1, 0.9, violation));
    expect(next(state)).toEqual({ kind: 'promote', index: 0 });
    expect(next(asha.promote(state, 0).state)).toEqual({ kind: 'promote', index: 2 });
  });

  test('is of one in eta of those that trained: who was ruled out before makes no room', () => {
    let state = atFirstRung([0.9, 0.1], init(9));
    const ruledOut = { kind: 'infeasible' as const, violation: 0.5 };
    for (const index of [2, 3, 4, 5])
      state = asha.report(state, { index, outcome: ruledOut, ended: true });
    expect(next(state)).toEqual({ kind: 'start' });
  });

  test('is from the highest rung first, and to the whole training at last', () => {
    let state = atFirstRung([0.9, 0.8, 0.7, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], init(9));
    for (const index of [0, 1, 2]) state = asha.promote(state, index).state;
    for (const index of [0, 1, 2]) state = asha.report(state, scored(index, index / 10));
    state = atFirstRungAgain(state);
    expect(next(state)).toEqual({ kind: 'promote', index: 2 });
    expect(asha.promote(state, 2).plan).toEqual({ epochs: 9, pauses: false });
  });

  test('passes over one that diverged, which still counts among its rung', () => {
    const state = asha.report(atFirstRung([0.3, 0.2], init(9)), scored(2, 0, { ended: true }));
    expect(next(state)).toEqual({ kind: 'promote', index: 0 });
  });

  test('does not count one that failed', () => {
    const failed = { index: 2, outcome: { kind: 'failed' as const }, ended: true };
    expect(next(asha.report(atFirstRung([0.3, 0.2], init(9)), failed))).toEqual({ kind: 'start' });
  });

  test('is not of one that was let go', () => {
    const state = atFirstRung([0.3, 0.2, 0.1], init(9));
    expect(next(asha.report(state, scored(0, 0.3, { ended: true })))).toEqual({ kind: 'start' });
  });

  test('that was not to be had is an error', () => {
    expect(() => asha.promote(init(9), 0)).toThrow(PromotionError);
  });
});

/** Three more at the lowest rung, so that it has one to promote, too. */
const atFirstRungAgain = (state: AshaState): AshaState =>
  [9, 10, 11].reduce((now, index) => asha.report(now, scored(index, 0.99)), state);
