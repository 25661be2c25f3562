// The figures that a search's views are drawn from.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ancestryOf,
  curvesOf,
  failuresOf,
  familyOf,
  nearest,
  paretoFront,
  progressOf,
  relativesOf,
  ruleWindows,
  spentShare,
  stairsOf,
  treeOf,
} from '../../../dashboard/figures/index.ts';
import { makeRow } from '../../builders/trial-rows.ts';

const ACCURACY = [{ metric: 'accuracy', goal: 'maximize' }] as const;
const BOTH = [...ACCURACY, { metric: 'parameters', goal: 'minimize' }] as const;
const scored = (index: number, ...objectives: number[]) => makeRow(index, { objectives });

test('the best so far goes by the order of ends, and leaves out what is not feasible', () => {
  const rows = [
    makeRow(0, { objectives: [0.5], completionTime: '2026-01-01T00:30:00.000Z' }),
    makeRow(1, { objectives: [0.6], completionTime: '2026-01-01T00:10:00.000Z' }),
    makeRow(2, {
      objectives: [0.9],
      state: 'Infeasible',
      completionTime: '2026-01-01T00:20:00.000Z',
    }),
    makeRow(3, { objectives: [0.8], final: true }),
    makeRow(4, { state: 'Running' }),
  ].map((row) => (row.index === 4 ? (({ completionTime: _, ...rest }) => rest)(row) : row));
  const { x, score, best, rows: order } = progressOf(rows, ACCURACY, 'trials');
  expect(order.map(({ index }) => index)).toEqual([1, 2, 0]);
  expect({ x, score, best }).toEqual({
    x: [1, 2, 3],
    score: [0.6, 0.9, 0.5],
    best: [0.6, 0.6, 0.6],
  });
  expect(progressOf(rows, ACCURACY, 'hours').x).toEqual([1 / 6, 1 / 3, 1 / 2]);
  expect(progressOf(rows, ACCURACY, 'device').x.at(-1)).toBeCloseTo(60 / 3600);
});

test('less is better where an objective says so', () => {
  const rows = [scored(0, 2), scored(1, 1), scored(2, 3)];
  expect(progressOf(rows, [{ metric: 'loss', goal: 'minimize' }], 'trials').best).toEqual([
    2, 1, 1,
  ]);
});

test('a Pareto front has all that none beats, and nothing else', () => {
  const values = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
    { maxLength: 40 },
  );
  const beats = (a: readonly number[], b: readonly number[]) =>
    a[0]! >= b[0]! && a[1]! <= b[1]! && (a[0] !== b[0] || a[1] !== b[1]);
  fc.assert(
    fc.property(values, (pairs) => {
      const front = paretoFront(
        pairs.map((pair, k) => scored(k, ...pair)),
        BOTH,
      ).map(({ index }) => index);
      const want = pairs.flatMap((pair, k) =>
        pairs.some((other) => beats(other, pair)) ? [] : [k],
      );
      expect(front.toSorted((a, b) => a - b)).toEqual(want);
    }),
  );
});

test('the line along a front goes around what it beats', () => {
  const spots = [scored(0), scored(1)].map((row, k) => ({ row, x: 10 * (1 - k), y: 5 * k }));
  expect(stairsOf(spots, -1)).toBe('M0 5H10V0');
  expect(stairsOf(spots, 1)).toBe('M0 5V0H10');
  expect(nearest(spots, 1, 5, 3)?.index).toBe(1);
  expect(nearest(spots, 5, 2, 2)).toBeUndefined();
});

test('windows of rules add up to one, and hold every trial once', () => {
  const counts = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })), {
    minLength: 5,
    maxLength: 300,
  });
  fc.assert(
    fc.property(counts, (pairs) => {
      const rows = pairs.map((rules, k) => makeRow(k, { rules }));
      const { windows, shares } = ruleWindows(rows.toReversed(), 2);
      expect(windows[0]?.first).toBe(0);
      expect(windows.at(-1)?.last).toBe(rows.length - 1);
      for (const [k, { first }] of windows.entries()) {
        if (k > 0) expect(first).toBe(windows[k - 1]!.last + 1);
        expect(shares[0]![k]! + shares[1]![k]!).toBeCloseTo(1);
      }
    }),
  );
});

test('failures are counted by why', () => {
  const failed = (index: number, reason: string) => makeRow(index, { state: 'Failed', reason });
  expect(
    failuresOf([
      makeRow(0),
      failed(1, 'OutOfMemory'),
      failed(2, 'TrainerFailed'),
      failed(3, 'OutOfMemory'),
    ]),
  ).toEqual([
    { state: 'Failed', reason: 'OutOfMemory', trials: 2, deviceSeconds: 40, example: 'night-0003' },
    {
      state: 'Failed',
      reason: 'TrainerFailed',
      trials: 1,
      deviceSeconds: 20,
      example: 'night-0002',
    },
  ]);
});

const LINE = [
  makeRow(0),
  makeRow(1, { parent: 0 }),
  makeRow(2, { parent: 1 }),
  makeRow(3, { parent: 0 }),
  makeRow(4, { parent: 9 }),
  makeRow(5, { parent: 5 }),
];

test('a family: ancestors, descendants, and the tree of both', () => {
  const family = familyOf(LINE);
  const indices = (rows: readonly { index: number }[]) => rows.map(({ index }) => index);
  expect(indices(ancestryOf(LINE[2]!, family))).toEqual([0, 1, 2]);
  expect(indices(relativesOf(LINE[1]!, family, 10))).toEqual([0, 1, 2]);
  expect(indices(relativesOf(LINE[0]!, family, 3))).toEqual([0, 1, 3]);
  const tree = treeOf(LINE).map(({ row, depth, line, parent }) => [row.index, depth, line, parent]);
  expect(tree).toEqual([
    [0, 0, 0, undefined],
    [1, 1, 1, 0],
    [2, 2, 2, 1],
    [3, 1, 3, 0],
    [4, 0, 4, undefined],
    [5, 0, 5, undefined],
  ]);
});

test('a line of thousands is walked without a fall', () => {
  const rows = Array.from({ length: 20_000 }, (_, k) =>
    makeRow(k, k === 0 ? {} : { parent: k - 1 }),
  );
  expect(ancestryOf(rows.at(-1)!, familyOf(rows))).toHaveLength(20_000);
  expect(treeOf(rows).at(-1)?.depth).toBe(19_999);
});

test('curves: the highest on top, the others counted', () => {
  const rows = [0.5, 0.9, 0.7].map((end, k) =>
    makeRow(k, { curve: k === 2 ? [0.1, 0.2, end] : [end] }),
  );
  const { epochs, rows: drawn, values, left } = curvesOf(rows, 2);
  expect({ epochs, order: drawn.map(({ index }) => index), left }).toEqual({
    epochs: [1, 2, 3],
    order: [2, 1],
    left: 1,
  });
  expect(values[1]).toEqual([0.9, null, null]);
});

test('of two budgets the one that is further tells how far a search is', () => {
  const counts = { running: 0, paused: 0, succeeded: 15, infeasible: 5, failed: 5, proposed: 20 };
  expect(spentShare(counts, { trials: 80, deviceSeconds: 3600, gpuHours: 0 })).toBe(0.25);
  expect(spentShare(counts, { trials: 80, deviceSeconds: 3600, gpuHours: 2 })).toBe(0.5);
  expect(spentShare(counts, { trials: 10, deviceSeconds: 0, gpuHours: 0 })).toBe(1);
});
