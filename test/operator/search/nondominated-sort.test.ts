// Fronts against their definition: what is left when the earlier fronts are taken away, and none of it dominated.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Objective } from '../../../crds/index.ts';
import { compareScored, dominates } from '../../../operator/search/index.ts';
import { nondominatedFronts } from '../../../operator/search/nondominated-sort.ts';

const OBJECTIVES: readonly Objective[] = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
  { metric: 'macs', goal: 'minimize' },
];

test.each([1, 2, 3])('of %i objectives, ties and twins among them', (count) => {
  const objectives = OBJECTIVES.slice(0, count);
  const values = fc.array(fc.nat({ max: 4 }), { minLength: count, maxLength: count });
  fc.assert(
    fc.property(fc.array(values, { maxLength: 40 }), (list) => {
      let left = list.map((each, index) => ({ index, objectives: each }));
      for (const front of nondominatedFronts(left, objectives)) {
        const want = left.filter((one) => !left.some((other) => dominates(other, one, objectives)));
        expect(front).toEqual(want.toSorted(compareScored(objectives)));
        left = left.filter((one) => !front.includes(one));
      }
      expect(left).toEqual([]);
    }),
  );
});

test('under constraints, those that are not trained have fronts by their violation, behind all feasible ones', () => {
  const points = fc.record({
    values: fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 2 }),
    violation: fc.integer({ min: 0, max: 3 }),
  });
  const objectives = OBJECTIVES.slice(0, 2);
  fc.assert(
    fc.property(fc.array(points, { maxLength: 40 }), (list) => {
      const all = list.map(({ values, violation }, index) =>
        violation === 0 ? { index, objectives: values } : { index, objectives: [], violation },
      );
      let left = all;
      for (const front of nondominatedFronts(all, objectives)) {
        const want = left.filter((one) => !left.some((other) => dominates(other, one, objectives)));
        expect(front).toEqual(want.toSorted(compareScored(objectives)));
        expect(new Set(front.map((one) => ('violation' in one ? one.violation : 0))).size).toBe(1);
        left = left.filter((one) => !front.includes(one));
      }
      expect(left).toEqual([]);
    }),
  );
});

test('a front of thousands is one front', () => {
  const line = Array.from({ length: 3000 }, (_, i) => ({ index: i, objectives: [i, i] }));
  expect(nondominatedFronts(line, OBJECTIVES.slice(0, 2))).toHaveLength(1);
});
