// Does evolution earn its keep? Judged on a table of 1.77 million cells that was written before it was tuned.
import { describe, expect, test } from 'vitest';
import { type AlgorithmName, printGenotype, spaceSize } from '../../../../crds/index.ts';
import { createEngine, Random } from '../../../../operator/search/index.ts';
import { sampleGenotype } from '../../../../operator/search/variation/index.ts';
import { makeEngineSpec, scored } from '../../../builders/search.ts';
import { makeSyntheticTable, TABLE_SPACE } from '../../../builders/synthetic-table.ts';

const table = makeSyntheticTable();

/** Best score of a search of 200 trials, `parallelism` of them in flight, told in their order. */
function bestOf(name: AlgorithmName, seed: number, parallelism: number): number {
  const algorithm = { name, settings: {} };
  const engine = createEngine(makeEngineSpec({ algorithm, seed, searchSpace: TABLE_SPACE }));
  let state = engine.initial;
  const scores: number[] = [];
  const inFlight: { index: number; genotype: string }[] = [];
  for (let trial = 0; trial < 200; trial += 1) {
    if (inFlight.length === parallelism) {
      const done = inFlight.shift()!;
      state = engine.tell(state, scored(done, scores[done.index]!));
    }
    const asked = engine.ask(state);
    state = asked.state;
    inFlight.push(asked.proposal!);
    scores.push(table.score(asked.proposal!.genotype));
  }
  return Math.max(...scores);
}

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

test.each([1, 8])(
  'evolution beats random search in 90 of 100 seeds, %i in flight',
  (parallelism) => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const won = seeds.filter(
      (seed) =>
        bestOf('regularized-evolution', seed, parallelism) > bestOf('random', seed, parallelism),
    );
    expect(won.length).toBeGreaterThanOrEqual(90);
  },
  60_000,
);
