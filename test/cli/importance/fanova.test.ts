// Importance against functions of which the decomposition of the variance is known.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factorOf, variancesAlone } from '../../../cli/importance/index.ts';
import { Random } from '../../../operator/search/index.ts';

interface World {
  readonly name: string;
  /** Values of each factor, from 0. */
  readonly values: readonly number[];
  readonly worth: (x: readonly number[]) => number;
  readonly want: readonly number[];
  readonly ordered?: boolean;
}

/** -1 or 1 */
const sign = (x = 0): number => 2 * x - 1;

/** The variance of a sum of independent terms is the sum of theirs; a product of signs is explained by both together alone. */
const WORLDS: readonly World[] = [
  {
    name: 'two terms, one twice as steep, and a factor without effect',
    values: [4, 4, 4],
    worth: ([a = 0, b = 0]) => 2 * a + b,
    want: [0.8, 0.2, 0],
  },
  {
    name: 'numbers in their order',
    values: [5, 5, 5],
    worth: ([a = 0, b = 0, c = 0]) => 3 * a + 2 * b + c,
    want: [9 / 14, 4 / 14, 1 / 14],
    ordered: true,
  },
  {
    name: 'a term alone and a pair that counts only together',
    values: [2, 2, 2],
    worth: ([a, b, c]) => 3 * sign(a) + sign(b) * sign(c),
    want: [0.9, 0, 0],
  },
  {
    name: 'names, of which one is better than all others',
    values: [8, 2],
    worth: ([a, b]) => (a === 3 ? 1 : 0) + sign(b) / 4,
    // p (1 - p) of 1/8, and 1/16.
    want: [7 / 64 / (7 / 64 + 1 / 16), 1 / 16 / (7 / 64 + 1 / 16)],
  },
];

function drawn({ values, worth, ordered = false }: World, samples: number, noise = 0) {
  const random = Random.fromSeed(7);
  const points = Array.from({ length: samples }, () => values.map((of) => random.int(of)));
  const targets = Float64Array.from(points, (x) => worth(x) + noise * (random.uniform() - 0.5));
  const factors = values.map((_, i) =>
    factorOf(
      points.map((x) => x[i] ?? 0),
      ordered,
    ),
  );
  return { factors, targets };
}

test.each(WORLDS)('$name', (world) => {
  const shares = variancesAlone(drawn(world, 2_000), 1) ?? [];
  for (const [i, want] of world.want.entries()) expect(shares[i]).toBeCloseTo(want, 1);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
});

test('noise takes little from what matters, and gives little to what does not', () => {
  const [world] = WORLDS;
  const [a = 0, b = 0, c = 0] = variancesAlone(drawn(world!, 2_000, 2), 1) ?? [];
  expect(a).toBeGreaterThan(0.6);
  expect(b).toBeGreaterThan(0.1);
  expect(b).toBeLessThan(0.3);
  expect(c).toBeLessThan(0.02);
});

test('the same samples and seed give the same shares, and another seed much the same', () => {
  const sample = drawn(WORLDS[0]!, 500);
  expect(variancesAlone(sample, 1)).toEqual(variancesAlone(sample, 1));
  const [a = 0] = variancesAlone(sample, 2) ?? [];
  expect(a).toBeCloseTo(0.8, 1);
});

test('where nothing varies nothing is told', () => {
  expect(variancesAlone(drawn({ ...WORLDS[0]!, worth: () => 0.1 }, 100), 1)).toBeUndefined();
});

test('no share is below 0 and all together are at most 1, whatever the function', () => {
  const table = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
    minLength: 27,
    maxLength: 27,
  });
  fc.assert(
    fc.property(table, (worths) => {
      const worth = ([a = 0, b = 0, c = 0]: readonly number[]) => worths[9 * a + 3 * b + c] ?? 0;
      const shares = variancesAlone(
        drawn({ name: '', values: [3, 3, 3], worth, want: [] }, 120),
        1,
      );
      for (const share of shares ?? []) expect(share).toBeGreaterThanOrEqual(-1e-9);
      const sum = (shares ?? []).reduce((all, share) => all + share, 0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-6);
    }),
    { numRuns: 20 },
  );
});

test('of 10,000 networks with 29 places it is told in a moment', () => {
  const values = Array.from({ length: 29 }, () => 12);
  const worth = (x: readonly number[]) => x.reduce((sum, value, i) => sum + value / (i + 1), 0);
  const sample = drawn({ name: '', values, worth, want: [] }, 10_000);
  const before = process.cpuUsage();
  const [first = 0, second = 0] = variancesAlone(sample, 1) ?? [];
  const { user } = process.cpuUsage(before);
  expect(first).toBeGreaterThan(second);
  // [us]
  expect(user).toBeLessThan(3e6);
});
