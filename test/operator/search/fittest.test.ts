// Survivors of NSGA-II: against pymoo's on random points (scripts/compare-selection-with-pymoo.ts wrote them), and by example.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Objective } from '../../../crds/index.ts';
import { crowdingDistances } from '../../../operator/search/crowding.ts';
import { fittest } from '../../../operator/search/fittest.ts';
import { best, type Scored } from '../../../operator/search/index.ts';
import { nondominatedFronts } from '../../../operator/search/nondominated-sort.ts';

interface Reference {
  readonly points: number[][];
  readonly size: number;
  /** 0 where feasible; absent where all are. */
  readonly violations?: number[];
  readonly fronts: number[][];
  /** Null where infinite. */
  readonly crowding: (number | null)[];
  readonly survivors: number[];
}

const { sets } = JSON.parse(readFileSync(new URL('./pymoo.json', import.meta.url), 'utf8')) as {
  sets: Reference[];
};

const MINIMISED: readonly Objective[] = (['loss', 'parameters', 'macs'] as const).map((metric) => ({
  metric,
  goal: 'minimize',
}));

const indices = (trials: readonly Scored[]) =>
  trials.map(({ index }) => index).toSorted((a, b) => a - b);

describe.each(sets)('as pymoo of $points.length points: $size stay', (set) => {
  const objectives = MINIMISED.slice(0, set.points[0]!.length);
  const trials = set.points.map((point, index) => {
    const violation = set.violations?.[index] ?? 0;
    return { index, objectives: point, ...(violation > 0 ? { violation } : {}) };
  });
  const fronts = nondominatedFronts(trials, objectives);

  test('fronts', () => {
    expect(fronts.map(indices)).toEqual(set.fronts);
  });

  test('crowding', () => {
    for (const front of fronts)
      for (const [i, distance] of crowdingDistances(front, objectives).entries())
        expect(distance).toBeCloseTo(set.crowding[front[i]!.index] ?? Infinity, 9);
  });

  test('survivors', () => {
    expect(indices(fittest(trials, objectives, set.size))).toEqual(set.survivors);
  });
});

const OBJECTIVES: readonly Objective[] = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
];
const trial = (index: number, ...objectives: number[]) => ({ index, objectives });

test('places: ends of a front share one, then comes who has more room, then the next front', () => {
  const trials = [
    trial(0, 0.7, 40),
    trial(1, 0.9, 100),
    trial(2, 0.8, 50),
    trial(3, 0.5, 10),
    trial(4, 0.4, 90),
  ];
  const places = fittest(trials, OBJECTIVES, 5).map(({ index, place }) => [index, place]);
  expect(places).toEqual([
    [1, 0],
    [3, 0],
    [0, 2],
    [2, 3],
    [4, 4],
  ]);
  expect(fittest(trials, OBJECTIVES, 3).map(({ index }) => index)).toEqual([1, 3, 0]);
});

test('with one objective it is the best, best first', () => {
  const scores = fc.array(fc.nat({ max: 9 }), { maxLength: 20 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 20 }), (list, size) => {
      const trials = list.map((score, index) => trial(index, score));
      const objectives = OBJECTIVES.slice(0, 1);
      const chosen = fittest(trials, objectives, size);
      const values = (of: readonly Scored[]) => of.map(({ objectives: [score] }) => score);
      expect(values(chosen)).toEqual(values(best(trials, objectives, size)));
    }),
  );
});
