// Which trial is better, and what a result is worth to a search.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Constraint, Objective, type TrialResult } from '../../../crds/index.ts';
import { best, compareScored, reachesTargets, scoreOf } from '../../../operator/search/index.ts';
import { makeTrialResult } from '../../builders/search.ts';

type Metrics = TrialResult['metrics'];

const ACCURACY: Objective = { metric: 'accuracy', goal: 'maximize' };
const PARAMETERS: Objective = { metric: 'parameters', goal: 'minimize' };
const LOSS: Objective = { metric: 'loss', goal: 'minimize' };

const trial = (index: number, ...objectives: number[]) => ({ index, objectives });

describe('order', () => {
  test.each([
    ['more is better', [ACCURACY], [trial(0, 0.5), trial(1, 0.9)], [1, 0]],
    ['less is better', [LOSS], [trial(0, 0.5), trial(1, 0.9)], [0, 1]],
    [
      'later objectives break ties',
      [ACCURACY, PARAMETERS],
      [trial(0, 0.9, 20), trial(1, 0.9, 10), trial(2, 0.8, 1)],
      [1, 0, 2],
    ],
    ['the earlier trial wins a tie', [ACCURACY], [trial(3, 0.9), trial(1, 0.9)], [1, 3]],
  ])('%s', (_title, objectives, trials, want) => {
    expect(best(trials, objectives, 10).map(({ index }) => index)).toEqual(want);
  });

  test('is total: antisymmetric, transitive, and no two different trials are equal', () => {
    const values = fc.tuple(fc.integer({ max: 2, min: 0 }), fc.integer({ max: 2, min: 0 }));
    const trials = fc.tuple(values, values, values);
    const compare = compareScored([ACCURACY, PARAMETERS]);
    fc.assert(
      fc.property(trials, ([a, b, c]) => {
        const [x, y, z] = [trial(0, ...a), trial(1, ...b), trial(2, ...c)];
        expect(Math.sign(compare(x, y))).toBe(-Math.sign(compare(y, x)));
        expect(compare(x, y)).not.toBe(0);
        if (compare(x, y) < 0 && compare(y, z) < 0) expect(compare(x, z)).toBeLessThan(0);
      }),
    );
  });

  test('feasible trials come first, then by how far outside they are, whatever they score', () => {
    const outside = (index: number, violation: number) => ({ ...trial(index, 1), violation });
    const trials = [
      outside(0, 0.5),
      trial(1, 0.1),
      { index: 2, objectives: [], violation: 0.2 },
      outside(3, 0.2),
      trial(4, 0.2),
    ];
    expect(best(trials, [ACCURACY], 5).map(({ index }) => index)).toEqual([4, 1, 2, 3, 0]);
  });

  test('keeps the best and leaves its argument alone', () => {
    const trials = [trial(0, 0.1), trial(1, 0.3), trial(2, 0.2)];
    expect(best(trials, [ACCURACY], 2)).toEqual([trial(1, 0.3), trial(2, 0.2)]);
    expect(trials.map(({ index }) => index)).toEqual([0, 1, 2]);
  });
});

describe('targets', () => {
  const withTarget = (objective: Objective, target: number) => ({ ...objective, target });

  test.each([
    ['none set', [ACCURACY], [1], false],
    ['reached exactly', [withTarget(ACCURACY, 0.9)], [0.9], true],
    ['missed', [withTarget(ACCURACY, 0.9)], [0.899], false],
    ['reached from above', [withTarget(LOSS, 0.5)], [0.4], true],
    ['one of two', [withTarget(ACCURACY, 0.9), withTarget(PARAMETERS, 10)], [0.95, 11], false],
    ['both', [withTarget(ACCURACY, 0.9), withTarget(PARAMETERS, 10)], [0.95, 9], true],
    ['only the one that is set counts', [withTarget(ACCURACY, 0.9), PARAMETERS], [0.9, 99], true],
  ])('%s', (_title, objectives, values, want) => {
    expect(reachesTargets(values, objectives)).toBe(want);
  });
});

describe('score of a result', () => {
  test('takes the metrics in the order of the objectives, in their own sign', () => {
    const result = makeTrialResult({ loss: 0.25, accuracy: 0.8 });
    const want = { kind: 'scored', objectives: [0.25, 0.8, 1000] };
    expect(scoreOf(result, { objectives: [LOSS, ACCURACY, PARAMETERS] })).toEqual(want);
  });

  test('of a diverged trial has the worst value for what is missing, and survives JSON', () => {
    const { metrics } = makeTrialResult();
    const { accuracy: _accuracy, loss: _loss, ...rest } = metrics;
    const scoring = scoreOf(
      { outcome: 'Diverged', metrics: rest },
      { objectives: [ACCURACY, LOSS] },
    );
    expect(scoring).toEqual({ kind: 'scored', objectives: [0, Number.MAX_VALUE] });
    expect(JSON.parse(JSON.stringify(scoring))).toEqual(scoring);
  });

  test('of a diverged trial keeps what was measured', () => {
    const result = makeTrialResult({ accuracy: 0.1 }, 'Diverged');
    expect(scoreOf(result, { objectives: [ACCURACY] })).toEqual({
      kind: 'scored',
      objectives: [0.1],
    });
  });

  test.each([
    ['lacks', undefined],
    ['has no finite', Number.NaN],
  ])('there is none where a trained trial %s metric', (_title, loss) => {
    const { metrics } = makeTrialResult();
    const { loss: _loss, ...rest } = metrics;
    const result = loss === undefined ? rest : { ...rest, loss };
    expect(
      scoreOf({ outcome: 'Trained', metrics: result }, { objectives: [ACCURACY, LOSS] }),
    ).toEqual({
      kind: 'unscored',
      message: "result.metrics: expected a finite loss, as the search's objectives ask, got none",
    });
  });

  const SMALL: Constraint = { metric: 'parameters', max: 800 };
  const CORRECT: Constraint = { metric: 'accuracy', min: 0.8 };

  test.each<[string, Constraint[], Partial<Metrics>, number | undefined]>([
    ['at its bound', [SMALL], { parameters: 800 }, undefined],
    ['a quarter above', [SMALL], { parameters: 1000 }, 0.25],
    ['half below', [CORRECT], { accuracy: 0.4 }, 0.5],
    ['outside of two', [SMALL, CORRECT], { parameters: 1000, accuracy: 0.4 }, 0.75],
    ['above a bound of 0', [{ metric: 'loss', max: 0 }], { loss: 3 }, 3],
    ['inside a range', [{ metric: 'macs', min: 1, max: 9000 }], {}, undefined],
  ])('says how far outside of the constraints it is: %s', (_title, constraints, metrics, want) => {
    const scoring = scoreOf(makeTrialResult(metrics), { objectives: [ACCURACY], constraints });
    expect(scoring).toMatchObject({ kind: 'scored' });
    expect('violation' in scoring ? scoring.violation : undefined).toEqual(
      want && expect.closeTo(want, 12),
    );
  });

  test('of one that was not trained is its violation, of what was known by then', () => {
    const result = makeTrialResult({ parameters: 1200, picturesPerSecond: 0 }, 'Infeasible');
    const constraints: Constraint[] = [SMALL, CORRECT, { metric: 'picturesPerSecond', min: 50 }];
    const aims = { objectives: [ACCURACY], constraints };
    expect(scoreOf(result, aims)).toEqual({ kind: 'infeasible', violation: 0.5 });
  });

  test('there is none where a trainer calls infeasible what violates no constraint', () => {
    const scoring = scoreOf(makeTrialResult({}, 'Infeasible'), { objectives: [ACCURACY] });
    expect(scoring).toMatchObject({ kind: 'unscored' });
  });

  test('of a diverged trial is infeasible where its worst values are', () => {
    const { metrics } = makeTrialResult();
    const { accuracy: _, ...rest } = metrics;
    const aims = { objectives: [ACCURACY], constraints: [CORRECT] };
    expect(scoreOf({ outcome: 'Diverged', metrics: rest }, aims)).toEqual({
      kind: 'scored',
      objectives: [0],
      violation: 1,
    });
  });

  test.each(Objective.shape.metric.options)(
    'every metric of the contract can score: %s',
    (metric) => {
      expect(scoreOf(makeTrialResult(), { objectives: [{ metric, goal: 'maximize' }] }).kind).toBe(
        'scored',
      );
    },
  );
});
