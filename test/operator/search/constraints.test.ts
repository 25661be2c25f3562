// Searches under a constraint: what is infeasible steers them, too, back to where networks are feasible.
import { describe, expect, test } from 'vitest';
import type { AlgorithmName } from '../../../crds/index.ts';
import { createEngine, UnexpectedResultError } from '../../../operator/search/index.ts';
import { infeasible, makeEngineSpec } from '../../builders/search.ts';
import { bestAccuracy, searchTable } from '../../builders/table-search.ts';

/** Of 54 weights at most; about one network in 16 is that small. */
const MOST = 8;
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

const found = (name: AlgorithmName) =>
  SEEDS.map((seed) => {
    const values = searchTable({ name, seed, trials: 150, most: MOST });
    const feasible = values.filter(([, weights]) => weights <= MOST);
    return { share: feasible.length / values.length, best: bestAccuracy(feasible) };
  });

const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;

describe.each<AlgorithmName>(['nsga2', 'regularized-evolution', 'tpe', 'local-search'])(
  '%s on the table, small networks alone',
  (name) => {
    const [own, random] = [found(name), found('random')];

    test('proposes feasible networks more often than random search', () => {
      const share = (runs: typeof own) => mean(runs.map((run) => run.share));
      expect(share(own)).toBeGreaterThan(2 * share(random));
    });

    test('finds a better one in most seeds', () => {
      const wins = own.filter(({ best }, seed) => best > random[seed]!.best);
      expect(wins.length).toBeGreaterThanOrEqual(8);
    });
  },
);

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a violation of %s is refused',
  (violation) => {
    const engine = createEngine(makeEngineSpec());
    const { state, proposal } = engine.ask(engine.initial);
    const told = () => engine.tell(state, infeasible(proposal!, violation));
    expect(told).toThrow(UnexpectedResultError);
    expect(told).toThrow('a finite violation above 0');
  },
);
