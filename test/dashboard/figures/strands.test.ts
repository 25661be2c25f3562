// Parallel coordinates: axes of values, strands by score.
import { expect, test } from 'vitest';
import { strandsOf, valuesWithin } from '../../../dashboard/figures/index.ts';
import { facetOf } from '../../../dashboard/figures/strands.ts';
import { makeRow, TERMS } from '../../builders/trial-rows.ts';

const told = { ...TERMS, objectives: [{ metric: 'accuracy', goal: 'maximize' }] as const };
const rows = [
  makeRow(0, { genes: [0, 1, 4] }),
  makeRow(1, { genes: [2, 1, 3] }),
  makeRow(2, { genes: [0, -1, 4] }),
  makeRow(3, { state: 'Failed' }),
];

test.each([
  ['both', ['nor_conv_1x1:uSF', 'nor_conv_3x3:BP'], ['skip_connect', 'empty']],
  ['operation', ['nor_conv_1x1', 'nor_conv_3x3'], ['skip_connect', 'empty']],
  ['rule', ['BP', 'uSF'], ['empty', 'no-rule']],
] as const)(
  'by %s an axis has the values that stand there, what lacks one last',
  (facet, first, second) => {
    const { axes } = strandsOf(rows, told, { facet, limit: 10 });
    expect(axes.map(({ place }) => place)).toEqual(TERMS.places);
    expect([axes[0]?.values, axes[1]?.values]).toEqual([first, second]);
  },
);

test('strands come worst first, and within a band the better lies higher', () => {
  const { strands } = strandsOf(rows, told, { facet: 'both', limit: 10 });
  expect(strands.map(({ row }) => row.index)).toEqual([0, 1, 2]);
  const [worst, , best] = strands.map(({ at }) => at[0] ?? 0);
  expect(best).toBeLessThan(worst ?? 0);
  expect(Math.floor(2 * (best ?? 0))).toBe(1);
});

test('of too many the best half is drawn, a sample of the rest, and none twice', () => {
  const many = Array.from({ length: 100 }, (_, k) => makeRow(k, { objectives: [k] }));
  const { strands, left } = strandsOf(many, told, { facet: 'both', limit: 20 });
  const drawn = strands.map(({ row }) => row.index);
  expect(drawn.slice(-10)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  expect(new Set(drawn).size).toBe(20);
  expect(left).toBe(80);
});

test('a stretch of an axis holds the values whose middles it touches', () => {
  const axis = { place: 'x', values: ['a', 'b', 'c', 'd'] };
  expect(valuesWithin(axis, 0.3, 0.7)).toEqual(['b', 'c']);
  expect(valuesWithin(axis, 2, -1)).toEqual([]);
});

test('the rest of a network has a rule and no operation', () => {
  expect(facetOf('uSF', 'operation', TERMS.rules)).toBe('no-operation');
  expect(facetOf('uSF', 'rule', TERMS.rules)).toBe('uSF');
});
