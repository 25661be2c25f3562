// Aging evolution by itself: who is a parent, who joins, who leaves.
import { describe, expect, test } from 'vitest';
import { parseGenotype, printGenotype } from '../../../../crds/index.ts';
import {
  type EvolutionState,
  regularizedEvolution,
} from '../../../../operator/search/algorithms/regularized-evolution.ts';
import {
  createEngine,
  type EngineSpec,
  type EngineState,
  type Proposal,
} from '../../../../operator/search/index.ts';
import { familyOf } from '../../../../operator/search/variation/families.ts';
import { makeSpace } from '../../../builders/genotype.ts';
import { failed, inTurn, makeEngineSpec, play, scored } from '../../../builders/search.ts';

type Settings = EngineSpec['algorithm']['settings'];

const evolution = (settings: Settings, overrides: Partial<EngineSpec> = {}) =>
  makeEngineSpec({ algorithm: { name: 'regularized-evolution', settings }, ...overrides });

const populationOf = (state: EngineState) =>
  (state.algorithm as EvolutionState).population.map(({ index }) => index);

/** A search whose first trials have these scores, one after another; undefined is a failure. */
function scoredInTurn(spec: EngineSpec, scores: readonly (number | number[] | undefined)[]) {
  const engine = createEngine(spec);
  const proposals: Proposal[] = [];
  let state = engine.initial;
  for (const score of scores) {
    const asked = engine.ask(state);
    const proposal = asked.proposal!;
    proposals.push(proposal);
    const result = score === undefined ? failed(proposal) : scored(proposal, ...[score].flat());
    state = engine.tell(asked.state, result);
  }
  return { engine, state, proposals };
}

/** Parents of 40 more proposals, all asked for without a result. */
function parentsAfter({ engine, state }: ReturnType<typeof scoredInTurn>): Set<number | undefined> {
  const parents = new Set<number | undefined>();
  let now = state;
  for (let i = 0; i < 40; i += 1) {
    const asked = engine.ask(now);
    parents.add(asked.proposal?.parent);
    now = asked.state;
  }
  return parents;
}

test('settings default to a population of 20, a sample of 10, and odds of 0.4, 0.4 and 0.2', () => {
  const { searchSpace: space, seed, objectives } = makeEngineSpec();
  expect(regularizedEvolution.init({}, { space, seed, objectives })).toMatchObject({
    size: 20,
    sample: 10,
    odds: { rule: 0.4, operation: 0.4, wiring: 0.2 },
    tournament: 'first',
    population: [],
  });
});

test('the population fills with random networks first, however many are in flight', () => {
  const asks = Array.from({ length: 30 }, () => ({ kind: 'ask' }) as const);
  const { proposals } = play(evolution({ population: 4 }), asks);
  expect(proposals.every(({ parent }) => parent === undefined)).toBe(true);

  const inOrder = play(evolution({ population: 4 }), inTurn(8)).proposals;
  expect(inOrder.map(({ parent }) => parent === undefined)).toEqual([
    ...[true, true, true, true],
    ...[false, false, false, false],
  ]);
});

test('a child is one change away from its parent, and says which', () => {
  const spec = evolution({ population: 4, sample: 2 }, { searchSpace: makeSpace() });
  const { proposals } = play(spec, inTurn(60));
  for (const child of proposals.slice(4)) {
    const parent = parseGenotype(proposals[child.parent!]!.genotype);
    const neighbour = familyOf(parent)
      .neighbours(parent, spec.searchSpace)
      .find(({ change }) => change() === child.variation);
    expect(printGenotype(neighbour!.apply())).toBe(child.genotype);
  }
});

test('a result joins, the oldest leaves even when it is the best, and failures do neither', () => {
  const spec = evolution({ population: 3 });
  expect(populationOf(scoredInTurn(spec, [0.9, 0.1, 0.2]).state)).toEqual([0, 1, 2]);
  expect(populationOf(scoredInTurn(spec, [0.9, 0.1, 0.2, 0.3]).state)).toEqual([1, 2, 3]);
  expect(populationOf(scoredInTurn(spec, [0.9, undefined, 0.2, undefined, 0.3]).state)).toEqual([
    0, 2, 4,
  ]);
});

test('age is the order of results, not of proposals', () => {
  const spec = evolution({ population: 3 });
  const { state } = play(spec, [
    ...Array.from({ length: 4 }, () => ({ kind: 'ask' }) as const),
    ...[3, 0, 1, 0].map((pick) => ({ kind: 'tell', pick, fails: false }) as const),
  ]);
  expect(populationOf(state)).toEqual([0, 2, 1]);
});

describe('a parent is the best of its sample', () => {
  // 100 draws of 3 miss one member once in 10^17 tournaments.
  const settings = { population: 3, sample: 100 };

  test.each([
    ['maximize' as const, [0.1, 0.9, 0.5], 1],
    ['minimize' as const, [0.1, 0.9, 0.5], 0],
  ])('%s %j: trial %i', (goal, scores, want) => {
    const objectives = [{ metric: 'accuracy' as const, goal }];
    const parents = parentsAfter(scoredInTurn(evolution(settings, { objectives }), scores));
    expect(parents).toEqual(new Set([want]));
  });

  test('by all objectives, where asked for: any that the sample does not dominate', () => {
    const objectives = [
      { metric: 'accuracy' as const, goal: 'maximize' as const },
      { metric: 'parameters' as const, goal: 'minimize' as const },
    ];
    const values = [
      [0.9, 50],
      [0.5, 10],
      [0.8, 60],
    ];
    const parents = (tournament: 'first' | 'pareto') =>
      parentsAfter(scoredInTurn(evolution({ ...settings, tournament }, { objectives }), values));
    expect(parents('first')).toEqual(new Set([0]));
    expect(parents('pareto')).toEqual(new Set([0, 1]));
  });

  test('and a sample of one is a member at random', () => {
    const parents = parentsAfter(
      scoredInTurn(evolution({ population: 3, sample: 1 }), [0.1, 0.9, 0.5]),
    );
    expect(parents).toEqual(new Set([0, 1, 2]));
  });
});

test('odds of the settings hold: rules alone', () => {
  const spec = evolution({ population: 4, mutateRule: 1, mutateOperation: 0, mutateWiring: 0 });
  const { proposals } = play(spec, inTurn(40));
  const changes = proposals.filter(({ parent }) => parent !== undefined);
  expect(changes.length).toBeGreaterThan(10);
  for (const { variation } of changes) {
    const [, before, to] = /: (\w+?)(?::\w+)? -> (\w+)/.exec(variation) ?? [];
    expect(variation.startsWith('rest') || before === to).toBe(true);
  }
});

test('where all neighbours of the parent were proposed, a random network is', () => {
  // One rule, no odds but the rule's: nobody has a neighbour.
  const searchSpace = makeSpace({ kind: 'nb201', learningRules: ['BP'] });
  const spec = evolution(
    { population: 2, mutateRule: 1, mutateOperation: 0, mutateWiring: 0 },
    { searchSpace },
  );
  const { proposals } = play(spec, inTurn(20));
  expect(proposals.map(({ variation }) => variation)).toEqual(Array(20).fill('random'));
});
