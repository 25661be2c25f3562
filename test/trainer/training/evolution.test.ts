// A step of alpha by evolution: fitness by hand, what the winner is and does, and that the corrected search is not the released one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Supernet } from '../../../crds/index.ts';
import { createReferenceExecutor, type Tensors } from '../../../trainer/executors/index.ts';
import { buildSupernet, CELL_KINDS, EDGES, softmaxOf } from '../../../trainer/network/index.ts';
import { Random } from '../../../trainer/random.ts';
import { evolve } from '../../../trainer/training/supernet/evolve.ts';
import {
  fitness,
  type Rows,
  rowsOf,
  similarity,
  unitRows,
} from '../../../trainer/training/supernet/fitness.ts';
import { buildSupernetProgram } from '../../../trainer/training/supernet/index.ts';
import { randomValues } from '../../builders/networks.ts';
import { inFloat64 } from '../../builders/probe.ts';
import { candidates, makeSupernetPlan } from '../../builders/supernet.ts';
import { makeTrialSpec } from '../../builders/training.ts';

describe('fitness', () => {
  test.each<[string, number, number]>([
    // 1.2 nats, S = 0.75, weight 0.4
    ['as accurate as alpha: the more different, the fitter', 0.5, 1.5],
    ['more accurate: the more different, the fitter', 0.6, 1.5],
    ['less accurate: the more similar, the fitter', 0.4, 0.9],
  ])('of one that is %s', (_, accuracy, f) => {
    const judged = { loss: 1.2, accuracy, similarity: 0.75 };
    expect(fitness(judged, { accuracy: 0.5, weight: 0.4 })).toBeCloseTo(f, 12);
  });

  test('of a loss that is no number is worst', () => {
    const judged = { loss: Number.NaN, accuracy: 0, similarity: 1 };
    expect(fitness(judged, { accuracy: 0.5, weight: 0.4 })).toBe(Number.MAX_VALUE);
  });

  test('similarity is the mean over rows of (cos + 1) / 2', () => {
    // cosines 1 of rows of any length, 0.6, -1
    const p = [
      [2, 0],
      [1, 0],
      [0, 1],
    ];
    const z = [
      [5, 0],
      [0.6, 0.8],
      [0, -3],
    ];
    expect(similarity(p, z)).toBeCloseTo((1 + 0.8 + 0) / 3, 12);
  });

  test('rows of candidates have length 1', () => {
    expect(unitRows(rowsOf([3, 4, 0, 0], 2))).toEqual([
      [0.6, 0.8],
      [0, 0],
    ]);
  });
});

const ALPHA: Rows = Array.from({ length: 2 * EDGES }, (_, i) => [0.01 * i, -0.02 * i]);
const DEFAULTS = { samples: 2, population: 6, generations: 3 };
const settingsOf = (changed: object) => {
  const { evolution } = Supernet.parse({
    learningRules: ['FA'],
    evolution: { ...DEFAULTS, ...changed },
  });
  if (evolution === undefined) throw new Error('no evolution');
  return evolution;
};

/** Likes the first candidate of every edge; sees everything it is asked about. */
function step(changed: object = {}, { seed = 1, epoch = 3 } = {}) {
  const asked: Rows[] = [];
  const judge = async (z: Rows) => {
    asked.push(z);
    const first = z.reduce((sum, row) => sum + (row[0] ?? 0), 0) / z.length;
    return { loss: -first, accuracy: Math.round(50 + 20 * first) / 100 };
  };
  const random = Random.fromSeed(seed).split(`epoch ${epoch}`);
  const next = evolve(ALPHA, { settings: settingsOf(changed), epoch, random }, judge);
  return next.then((moved = []) => ({ moved, asked }));
}

const addedTo = (moved: Rows, by: number): Rows =>
  moved.map((row, i) => row.map((each, k) => (each - (ALPHA[i]?.[k] ?? 0)) / by));
/** Mean distance of numbers of candidates from the shares of alpha. */
const spread = (asked: readonly Rows[]): number => {
  const around = unitRows(ALPHA.map(softmaxOf)).flat();
  const apart = asked.slice(1).flatMap((z) => z.flat().map((x, i) => Math.abs(x - around[i]!)));
  return apart.reduce((sum, each) => sum + each, 0) / apart.length;
};
const close = (a: Rows, b: Rows) =>
  a.flat().every((each, i) => Math.abs(each - (b.flat()[i] ?? Number.NaN)) < 1e-9);

describe('a step of alpha', () => {
  test('judges alpha, then the candidates of every generation of every run', async () => {
    const { asked } = await step();
    expect(asked).toHaveLength(1 + 2 * 3 * 6);
    expect(asked[0]).toEqual(ALPHA);
    for (const row of asked.slice(1).flat()) expect(Math.hypot(...row)).toBeCloseTo(1, 12);
    expect(new Set(asked.map((z) => JSON.stringify(z))).size).toBe(asked.length);
  });

  test('adds shares that were judged, those of the most accurate winner', async () => {
    const { moved, asked } = await step({ alphaStep: 0.5 });
    const added = addedTo(moved, 0.5);
    const winner = asked.findIndex((z) => close(z.map(softmaxOf), added));
    expect(winner).toBeGreaterThan(0);
    const first = (z: Rows) => z.reduce((sum, row) => sum + (row[0] ?? 0), 0);
    const mean = asked.slice(1).reduce((sum, z) => sum + first(z), 0) / (asked.length - 1);
    expect(first(asked[winner]!)).toBeGreaterThan(mean);
  });

  test('is a function of seed and epoch', async () => {
    const [one, again, seed, epoch] = await Promise.all([
      step(),
      step(),
      step({}, { seed: 2 }),
      step({}, { epoch: 4 }),
    ]);
    expect(again.moved).toEqual(one.moved);
    expect(seed.moved).not.toEqual(one.moved);
    expect(epoch.moved).not.toEqual(one.moved);
  });

  test('searches nearer by from epoch to epoch', async () => {
    const at = async (epoch: number) => spread((await step({ generations: 1 }, { epoch })).asked);
    const [first, fifth, hundredth, last] = [await at(0), await at(4), await at(99), await at(400)];
    expect(fifth).toBeLessThan(first / 2);
    expect(hundredth).toBeLessThan(fifth / 2);
    expect(last / hundredth).toBeCloseTo(1, 0);
  });

  test('ends without a step where the judge is asked to end', async () => {
    for (const last of [0, 1, 20]) {
      let left = last;
      const judge = async () => (left-- > 0 ? { loss: 1, accuracy: 0.5 } : undefined);
      const at = { settings: settingsOf({}), epoch: 1, random: Random.fromSeed(1) };
      expect(await evolve(ALPHA, at, judge)).toBeUndefined();
    }
  });

  test('raises every share of alpha by something, all in all by the step', () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 32 });
    return fc.assert(
      fc.asyncProperty(seeds, fc.boolean(), async (seed, literal) => {
        const { moved } = await step({ literal }, { seed });
        for (const row of addedTo(moved, 0.1)) {
          expect(Math.min(...row)).toBeGreaterThan(0);
          expect(row.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('read literally', () => {
  test('it is one generation of one run, whatever else is set', async () => {
    const { asked } = await step({ literal: true, samples: 5, generations: 9 });
    expect(asked).toHaveLength(1 + 6);
  });

  test('it searches as far in any epoch', async () => {
    const wide = (epoch: number, literal: boolean) =>
      step({ literal, generations: 1 }, { epoch }).then(({ asked }) => spread(asked));
    expect(await wide(99, true)).toBeGreaterThan(5 * (await wide(99, false)));
    expect((await wide(99, true)) / (await wide(0, true))).toBeCloseTo(1, 0);
  });

  test('it adds a winner that is softmaxed twice', async () => {
    const { moved, asked } = await step({ literal: true, alphaStep: 1 });
    const added = addedTo(moved, 1);
    const twice = asked.slice(1).map((z) => z.map(softmaxOf).map(softmaxOf));
    expect(twice.filter((each) => close(each, added))).toHaveLength(1);
  });
});

test('a candidate is scored as evaluation scores the supernet under that alpha', async () => {
  const plan = makeSupernetPlan({
    candidates: candidates(['BP'], ['skip_connect', 'max_pool_3x3']).slice(1),
  });
  const n = plan.candidates.length;
  const { training } = makeTrialSpec({ batchSize: 2 });
  const step = buildSupernetProgram({
    supernet: buildSupernet(plan),
    candidates: n,
    settings: Supernet.parse({ learningRules: ['BP'], none: false, evolution: {} }),
    task: plan.task,
    statistics: { mean: [0.5], deviation: [0.25] },
    training,
    evaluationBatch: 2,
  });
  expect(Object.keys(step.program.entries)).toEqual(['train', 'evaluate', 'candidate']);
  const session = await createReferenceExecutor().open(step.program);
  const values = inFloat64(randomValues(step.variables.all));
  await session.write(values);
  const batch = (prefix = ''): Tensors => ({
    [`${prefix}pictures`]: {
      dtype: 'uint8',
      shape: [2, 4, 4, 1],
      data: Uint8Array.from({ length: 32 }, (_, i) => (i * 37) % 256),
    },
    key: { dtype: 'int32', shape: [2], data: new Int32Array(2) },
    [`${prefix}labels`]: { dtype: 'int32', shape: [2], data: Int32Array.of(0, 2) },
  });
  const alphas = Object.fromEntries(CELL_KINDS.map((kind, k) => [kind, alphaOf(n, k)]));
  const named = (of: string) =>
    Object.fromEntries(Object.entries(alphas).map(([kind, value]) => [`${of}/${kind}`, value]));
  const candidate = await session.run('candidate', {
    ...batch('architecture/'),
    ...named('candidate'),
  });
  const before = await session.run('evaluate', batch());
  await session.write(named('alphas'));
  const { logits: _, ...evaluated } = await session.run('evaluate', batch());
  expect(candidate).toEqual(evaluated);
  expect(candidate['loss']).not.toEqual(before['loss']);
});

const alphaOf = (n: number, k: number) => ({
  dtype: 'float32' as const,
  shape: [EDGES, n],
  data: Float64Array.from({ length: EDGES * n }, (_, i) => Math.sin(i + 5 * k)),
});
