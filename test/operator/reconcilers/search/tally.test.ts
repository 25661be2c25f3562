import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Objective } from '../../../../crds/index.ts';
import type { TrialRecord } from '../../../../operator/reconcilers/index.ts';
import { NOTHING_YET, withRecord } from '../../../../operator/reconcilers/search/tally.ts';
import { dominates } from '../../../../operator/search/index.ts';
import { makeResult } from '../../../builders/objects.ts';

const two: readonly Objective[] = [
  { metric: 'accuracy', goal: 'maximize', target: 0.9 },
  { metric: 'parameters', goal: 'minimize', target: 5 },
];

const record = (index: number, fields: Partial<TrialRecord>): TrialRecord => ({
  search: 'night-uid',
  trial: `uid-${index}`,
  name: `night-${index}`,
  index,
  purpose: 'Search',
  genotype: `g${index}`,
  proposedAfter: 0,
  seed: 0,
  outcome: 'Trained',
  reason: 'Trained',
  message: '',
  attempts: 1,
  deviceSeconds: 1,
  completionTime: '',
  ...fields,
});

const tallyOf = (records: readonly TrialRecord[], objectives = two) =>
  records.reduce((tally, each) => withRecord(tally, each, objectives), NOTHING_YET);

const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 })), {
    maxLength: 60,
  })
  .map((pairs) => pairs.map(([a, b], index) => record(index, { objectives: [a / 10, b] })));

test('no member of the Pareto set is beaten by any trial, and the lists stay bounded', () => {
  fc.assert(
    fc.property(scored, (records) => {
      const { pareto, best, succeeded } = tallyOf(records);
      expect(succeeded).toBe(records.length);
      expect(best.length).toBeLessThanOrEqual(10);
      expect(pareto.length).toBeLessThanOrEqual(20);
      for (const member of pareto)
        for (const { index, objectives = [] } of records)
          expect(dominates({ index, objectives }, member, two)).toBe(false);
    }),
  );
});

test('a trial that reaches all targets is remembered, however good later ones are', () => {
  const records = [
    [0.95, 9],
    [0.9, 5],
    [1, 9],
  ].map((objectives, i) => record(i, { objectives }));
  expect(tallyOf(records).reached).toEqual([0.9, 5]);
  expect(tallyOf(records.slice(0, 1)).reached).toBeUndefined();
});

test('counts and costs: failed and final trials are not succeeded ones, and all cost time', () => {
  const tally = tallyOf([
    record(0, { objectives: [0.5, 1] }),
    record(1, { outcome: 'Failed' }),
    record(2, { outcome: 'Diverged', objectives: [0, 1] }),
    record(3, { purpose: 'Final', objectives: [0.6, 1] }),
    record(4, { purpose: 'Final', outcome: 'Failed' }),
  ]);
  expect(tally).toMatchObject({ succeeded: 2, failed: 1, deviceSeconds: 5 });
  expect(tally.finalEnded).toEqual(['night-3', 'night-4']);
  expect(tally.final.map(({ index }) => index)).toEqual([3]);
  expect(tally.best.map(({ index }) => index)).toEqual([0]);
});

describe('final networks', () => {
  const tested = (index: number, parent: number, testAccuracy: number, fields = {}) =>
    record(index, {
      purpose: 'Final',
      parent,
      result: makeResult({ testAccuracy }),
      ...fields,
    });
  const control = { kind: 'rule', name: 'BP' } as const;

  test.each([
    ['in order', [0, 1, 2, 3, 4]],
    ['as trials happen to end', [4, 3, 2, 1, 0]],
  ])('are ranked by their mean over seeds, controls apart, %s', (_, order) => {
    const records = [
      tested(10, 1, 0.8),
      tested(11, 2, 0.7),
      tested(12, 1, 0.6),
      tested(13, 2, 0.9),
      tested(14, 2, 0.99, { control }),
    ];
    const { final, finalEnded } = tallyOf(order.map((k) => records[k]!));
    expect(final.map(({ trial, from }) => [trial, from])).toEqual([
      ['night-11', 2],
      ['night-10', 1],
    ]);
    expect(final[0]?.testAccuracy).toBeCloseTo(0.8, 12);
    expect(finalEnded).toHaveLength(5);
  });

  test('whose first seed failed go by the next', () => {
    const { final } = tallyOf([tested(10, 1, 0, { outcome: 'Diverged' }), tested(12, 1, 0.6)]);
    expect(final).toMatchObject([{ trial: 'night-12', testAccuracy: 0.6 }]);
  });
});
