// Regret over seeds: by hand on a few searches, and what must hold whatever the table lacks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOf } from '../../../cli/simulate/chance.ts';
import { type SimulatedSearch, searchOn } from '../../../cli/simulate/simulated-search.ts';
import { accuracyAfter, bestAccuracy, duel, summarize } from '../../../cli/simulate/summary.ts';
import { readTrainedTable } from '../../../cli/simulate/table/index.ts';
import { ALGORITHM_NAMES, BioNASSearch } from '../../../crds/index.ts';
import { SCHEDULERS } from '../../../operator/search/scheduling/index.ts';
import { makeSearchManifest } from '../../builders/manifest.ts';
import { hashScore, makeAlgorithm, proposesNetworks } from '../../builders/search.ts';
import { EPOCHS, makeTableRows, makeTableText, SMALL_SPACE } from '../../builders/search-table.ts';

/** Leads after so many epochs with so much. */
function search(
  ...steps: readonly (readonly [epochs: number, accuracy: number])[]
): SimulatedSearch {
  return {
    seed: 1,
    steps: steps.map(([epochs, accuracy]) => ({ epochs, accuracy, genotype: `${accuracy}` })),
    networks: 10,
    epochs: 90,
    time: 90,
    unknown: 0,
  };
}

const QUICK = search([9, 0.7], [18, 0.9]);
const SLOW = search([9, 0.5], [81, 0.9]);
const STUCK = search([18, 0.6]);

test('regret falls as leaders change, and its quartiles are those of the seeds', () => {
  const { regret, foundBest, curve } = summarize([QUICK, SLOW, STUCK], 0.9);
  expect(regret.median).toBeCloseTo(0);
  expect(regret.high).toBeCloseTo(0.15);
  expect(foundBest).toBe(2);
  const after = (epochs: number) => curve.find((point) => point.epochs >= epochs)?.median;
  expect(after(20)).toBeCloseTo(0.3);
  expect(after(81)).toBeCloseTo(0);
  expect(curve.at(-1)?.epochs).toBe(90);
  expect(curve[0]?.epochs).toBeGreaterThanOrEqual(18); // before, one seed has no leader
});

test('a leader may turn out worse than the one before', () => {
  expect([9, 17, 18].map((epochs) => accuracyAfter(search([9, 0.8], [18, 0.6]), epochs))).toEqual([
    0.8, 0.8, 0.6,
  ]);
});

test('searches are set against each other seed by seed, at the end or before', () => {
  const [some, others] = [
    [QUICK, SLOW, STUCK],
    [SLOW, SLOW, QUICK],
  ] as const;
  expect(duel(some, others)).toEqual({ ahead: 0, level: 2, behind: 1 });
  expect(duel(some, others, 20)).toEqual({ ahead: 1, level: 1, behind: 1 });
});

describe('chance', () => {
  const cells = makeTableRows((place) => place % 10 !== 0).slice(0, 4);
  const tableOf = (...finals: readonly (readonly number[])[]) => {
    const rows = finals.flatMap((values, k) =>
      values.map((last, i) => ({ ...cells[k], seed: i + 1, accuracies: Array(9).fill(last) })),
    );
    return readTrainedTable('t', makeTableText({ rows }));
  };

  test('is the spread of trainings of one network, and how many are that near to the best', () => {
    const chance = chanceOf(tableOf([0.6, 0.62], [0.59], [0.5]));
    expect(chance).toMatchObject({ networks: 1, besideTheBest: 2 });
    expect(chance?.deviation).toBeCloseTo(0.02 / Math.SQRT2);
  });

  test('is all there is where seeds disagree, and nothing where they agree', () => {
    const correlation = (...finals: number[][]) => chanceOf(tableOf(...finals))?.correlation;
    expect(correlation([0.5, 0.6], [0.6, 0.7], [0.7, 0.8])).toBeCloseTo(1);
    expect(correlation([0.5, 0.8], [0.6, 0.7], [0.7, 0.6])).toBeCloseTo(-1);
    expect(correlation([0.5, 0.8], [0.6, 0.7])).toBeUndefined();
  });

  test('cannot be told where nothing was trained twice', () => {
    expect(chanceOf(tableOf([0.5], [0.6]))).toBeUndefined();
  });
});

describe('whatever the search and the table', () => {
  const algorithms = ALGORITHM_NAMES.filter(proposesNetworks).map(makeAlgorithm);
  const rows = makeTableRows();
  const cases = fc.record({
    algorithm: fc.constantFrom(...algorithms),
    scheduling: fc.constantFrom(...Object.keys(SCHEDULERS)).map((name) => ({ name })),
    parallelism: fc.integer({ min: 1, max: 8 }),
    share: fc.double({ min: 0.1, max: 1, noNaN: true }),
    epochs: fc.integer({ min: EPOCHS, max: 300 }),
    seed: fc.integer({ min: 0, max: 1000 }),
  });

  test('its networks are of the table, its epochs within the limit, its regret never below none', () => {
    fc.assert(
      fc.property(cases, ({ share, epochs, seed, ...spec }) => {
        const kept = rows.filter(({ genotype }) => hashScore(genotype) < share);
        const table = readTrainedTable('table.json', makeTableText({ rows: kept }));
        const training = { epochs: EPOCHS };
        const manifest = makeSearchManifest({ ...spec, training, searchSpace: SMALL_SPACE });
        const found = searchOn(table, BioNASSearch.parse(manifest))({ seed, epochs });
        expect(found.epochs).toBeLessThanOrEqual(epochs);
        expect(found.steps.every(({ genotype }) => table.networks.has(genotype))).toBe(true);
        const best = bestAccuracy(table);
        expect(found.steps.every(({ accuracy }) => accuracy <= best)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
