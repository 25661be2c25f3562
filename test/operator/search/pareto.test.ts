// The Pareto set against its definition, and what leaves when it is full.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Objective } from '../../../crds/index.ts';
import { best, dominates, joinParetoSet, paretoSet } from '../../../operator/search/index.ts';

const OBJECTIVES: Objective[] = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
];

const trial = (index: number, ...objectives: number[]) => ({ index, objectives });

/** Trials of few distinct values, so that ties and twins are common. */
const trials = fc
  .array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 30 })
  .map((list) => list.map((values, index) => trial(index, ...values)));

describe('dominance', () => {
  test.each([
    ['better in both', trial(0, 0.9, 10), trial(1, 0.8, 20), true],
    ['better in one, equal in the other', trial(0, 0.9, 10), trial(1, 0.9, 20), true],
    ['equal', trial(0, 0.9, 10), trial(1, 0.9, 10), false],
    ['better in one, worse in the other', trial(0, 0.9, 30), trial(1, 0.8, 20), false],
    ['worse', trial(0, 0.8, 20), trial(1, 0.9, 10), false],
  ])('%s', (_title, a, b, want) => {
    expect(dominates(a, b, OBJECTIVES)).toBe(want);
  });
});

describe('dominance under constraints', () => {
  const outside = (index: number, violation: number, ...objectives: number[]) => ({
    ...trial(index, ...objectives),
    violation,
  });

  test.each([
    ['feasible before infeasible, however good', trial(0, 0.1, 99), outside(1, 0.01, 0.9, 1), true],
    ['infeasible before feasible', outside(0, 0.01, 0.9, 1), trial(1, 0.1, 99), false],
    ['the smaller violation', outside(0, 0.1, 0.1, 99), outside(1, 0.2, 0.9, 1), true],
    ['the larger violation', outside(0, 0.2, 0.9, 1), outside(1, 0.1, 0.1, 99), false],
    ['equal violations, better in both', outside(0, 0.1, 0.9, 1), outside(1, 0.1, 0.1, 9), false],
    ['one that was not trained', trial(0, 0.1, 99), outside(1, 0.2), true],
  ])('%s', (_title, a, b, want) => {
    expect(dominates(a, b, OBJECTIVES)).toBe(want);
  });
});

describe('the set', () => {
  test('is all trials that none dominates, twins once, in any order of joining', () => {
    fc.assert(
      fc.property(
        trials.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const want = list
            .filter((one) => !list.some((other) => dominates(other, one, OBJECTIVES)))
            .filter((one, at, all) => {
              const twin = all.findIndex(
                ({ objectives }) => `${objectives}` === `${one.objectives}`,
              );
              return twin === at;
            });
          const got = paretoSet(shuffled, OBJECTIVES, 100);
          expect(got).toEqual(best(want, OBJECTIVES, 100));
        },
      ),
    );
  });

  test('never grows past its limit, keeps the best, and holds nothing dominated', () => {
    fc.assert(
      fc.property(trials, fc.integer({ min: 1, max: 4 }), (list, limit) => {
        const set = paretoSet(list, OBJECTIVES, limit);
        expect(set.length).toBeLessThanOrEqual(limit);
        expect(set.slice(0, 1)).toEqual(best(list, OBJECTIVES, 1));
        expect(set.some((a) => set.some((b) => dominates(a, b, OBJECTIVES)))).toBe(false);
      }),
    );
  });

  test('full, it lets the most crowded go and keeps its ends', () => {
    const spread = [trial(0, 10, 100), trial(1, 5, 50), trial(2, 0, 0)];
    const joined = joinParetoSet(spread, trial(3, 9, 99), OBJECTIVES, 3);
    expect(joined.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('of one objective is its best trial', () => {
    const set = paretoSet([trial(0, 1), trial(1, 3), trial(2, 2)], OBJECTIVES.slice(0, 1), 10);
    expect(set).toEqual([trial(1, 3)]);
  });
});
