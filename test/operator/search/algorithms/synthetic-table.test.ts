// Do the algorithms earn their keep? Judged on a table of 1.77 million cells that was written before they were tuned.
import { describe, expect, test } from 'vitest';
import { type AlgorithmName, printGenotype, spaceSize } from '../../../../crds/index.ts';
import { type EngineSpec, Random } from '../../../../operator/search/index.ts';
import { sampleGenotype } from '../../../../operator/search/variation/index.ts';
import { makeSyntheticTable, TABLE_SPACE } from '../../../builders/synthetic-table.ts';
import {
  ACCURATE_AND_SMALL,
  bestAccuracy,
  hypervolume,
  searchTable,
} from '../../../builders/table-search.ts';

const table = makeSyntheticTable();
const seeds = Array.from({ length: 50 }, (_, seed) => seed);

/** What random search comes to, seed by seed; it learns from nothing, so the number in flight is all the same to it. */
const byChance = seeds.map((seed) => searchTable({ name: 'random', seed }));

describe('the table', () => {
  test('has the cells of 11 candidates on 6 edges', () => {
    expect(spaceSize(TABLE_SPACE)).toBe(1_771_561n);
  });

  test('is crowded at the top with a long tail below', () => {
    const random = Random.fromSeed(1);
    const scores = Array.from({ length: 4000 }, () =>
      table.score(printGenotype(sampleGenotype(TABLE_SPACE, random))),
    ).sort((a, b) => a - b);
    const [low, median, high] = [0.05, 0.5, 0.95].map((part) => scores[part * scores.length]!);
    expect(median! - low!).toBeGreaterThan(2 * (high! - median!));
    expect(scores.at(-1)).toBeLessThan(0.945);
  });

  test.each([
    ['none hurts a convolution', 'nor_conv_3x3:uSF', 'none', 0.05],
    ['FA is behind uSF', 'nor_conv_3x3:uSF', 'nor_conv_3x3:FA', 0.01],
  ])('%s', (_title, good, bad, margin) => {
    const mean = (first: string) => {
      const cells = ['nor_conv_3x3:uSF', 'nor_conv_1x1:frSF', 'skip_connect', 'avg_pool_3x3'];
      const scores = cells.map((c) =>
        table.score(`nb201;${c}~0|${c}~0,${c}~1|${c}~0,${c}~1,${first}~2;rest=BP`),
      );
      return scores.reduce((sum, score) => sum + score) / scores.length;
    };
    expect(mean(good) - mean(bad)).toBeGreaterThan(margin);
  });

  test('gives chance where nothing reaches the output', () => {
    const text = 'nb201;none~0|none~0,nor_conv_3x3:uSF~1|none~0,none~1,nor_conv_3x3:uSF~2;rest=BP';
    expect(table.score(text)).toBe(0.1);
  });
});

describe.each([1, 8])(
  'of 50 seeds at 200 trials, %i in flight, random search is beaten',
  (parallelism) => {
    test.each<[AlgorithmName, number]>([
      ['regularized-evolution', 45],
      ['nsga2', 42],
      ['tpe', 46],
      ['local-search', 46],
    ])(
      'in accuracy by %s in %i',
      (name, least) => {
        const won = seeds.filter(
          (seed) =>
            bestAccuracy(searchTable({ name, seed, parallelism })) > bestAccuracy(byChance[seed]!),
        );
        expect(won.length).toBeGreaterThanOrEqual(least);
      },
      60_000,
    );

    test.each<[AlgorithmName, number, EngineSpec['algorithm']['settings']]>([
      ['nsga2', 46, {}],
      ['tpe', 46, {}],
      ['regularized-evolution', 40, { tournament: 'pareto' }],
    ])(
      'in hypervolume of accuracy and size by %s in %i %j',
      (name, least, settings) => {
        const won = seeds.filter((seed) => {
          const values = searchTable({ name, settings, seed, parallelism }, ACCURATE_AND_SMALL);
          return hypervolume(values) > hypervolume(byChance[seed]!);
        });
        expect(won.length).toBeGreaterThanOrEqual(least);
      },
      60_000,
    );
  },
);

test('hypervolume, by hand', () => {
  // 0.5 from 10 weights on, 0.8 from 40 on; what is worse in both adds nothing.
  const values = [
    [0.8, 40],
    [0.5, 10],
    [0.4, 20],
  ] as const;
  expect(hypervolume(values)).toBeCloseTo((0.5 * 30 + 0.8 * 14) / 54, 12);
});
