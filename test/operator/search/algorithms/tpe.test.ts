// TPE by itself: when it begins, what counts as good, and what it then draws.
import { describe, expect, test } from 'vitest';
import { type Objective, parseGenotype } from '../../../../crds/index.ts';
import type { TpeState } from '../../../../operator/search/algorithms/tpe.ts';
import {
  createEngine,
  type EngineProposal,
  type EngineState,
} from '../../../../operator/search/index.ts';
import { toGenes } from '../../../../operator/search/variation/index.ts';
import { makeSpace } from '../../../builders/genotype.ts';
import { failed, makeEngineSpec, scored } from '../../../builders/search.ts';

const RESNET = makeSpace({
  kind: 'fixed',
  network: 'resnet20',
  learningRules: ['FA', 'uSF', 'BP'],
});
const OBJECTIVES: Objective[] = [
  { metric: 'accuracy', goal: 'maximize' },
  { metric: 'parameters', goal: 'minimize' },
];

const tpe = (settings: object, objectives = OBJECTIVES.slice(0, 1)) =>
  createEngine(
    makeEngineSpec({ algorithm: { name: 'tpe', settings }, searchSpace: RESNET, objectives }),
  );

const genesOf = ({ genotype }: { genotype: string }) => toGenes(parseGenotype(genotype), RESNET);
const stateOf = ({ algorithm }: EngineState) => algorithm as TpeState;

/** A search, one at a time, whose trials score as told; undefined is a failure. */
function run(
  engine: ReturnType<typeof tpe>,
  count: number,
  score: (proposal: EngineProposal) => number[] | undefined,
) {
  let state = engine.initial;
  const proposals: EngineProposal[] = [];
  for (let i = 0; i < count; i += 1) {
    const asked = engine.ask(state);
    const proposal = asked.proposal!;
    proposals.push(proposal);
    const values = score(proposal);
    const result = values === undefined ? failed(proposal) : scored(proposal, ...values);
    state = engine.tell(asked.state, result);
  }
  return { state, proposals };
}

const firstOptions = (proposal: EngineProposal) =>
  genesOf(proposal).filter((option) => option === 0).length;

test('settings default to 20 random networks, a tenth good, 24 candidates and a prior of one', () => {
  expect(stateOf(tpe({}).initial)).toMatchObject({
    startup: 20,
    gamma: 0.1,
    candidates: 24,
    priorWeight: 1,
    results: 0,
    best: [],
  });
});

test('networks are random until enough have results; failures are none', () => {
  const engine = tpe({ startup: 5, gamma: 0.3 });
  const { proposals } = run(engine, 8, ({ index }) => (index === 1 ? undefined : [index / 10]));
  expect(proposals.map(({ variation }) => variation)).toEqual([
    ...Array(6).fill('random'),
    'drawn like the best 2 of 5',
    'drawn like the best 2 of 6',
  ]);
});

test('it counts every option of every result, and keeps the best', () => {
  const { state, proposals } = run(tpe({}), 60, (proposal) => [firstOptions(proposal)]);
  const { counts, best, results } = stateOf(state);
  expect(results).toBe(60);
  const genes = proposals.map(genesOf);
  for (const [i, of] of counts.entries())
    expect(of).toEqual([0, 1, 2].map((k) => genes.filter((each) => each[i] === k).length));
  const scores = proposals.map(firstOptions).toSorted((a, b) => b - a);
  expect(best.map(({ objectives: [score] }) => score)).toEqual(scores.slice(0, 25));
});

describe('what the good ones have is drawn', () => {
  test('with one objective', () => {
    // 19 genes of 3 options: a network at random has 6.3 first ones.
    const { proposals } = run(tpe({}), 150, (proposal) => [firstOptions(proposal)]);
    const late = proposals.slice(-20).map(firstOptions);
    expect(late.reduce((sum, count) => sum + count) / 20).toBeGreaterThan(13);
  });

  test('with two that pull apart, at both ends', () => {
    const secondOptions = (proposal: EngineProposal) =>
      genesOf(proposal).filter((option) => option === 1).length;
    const { state } = run(tpe({}, OBJECTIVES), 150, (proposal) => [
      firstOptions(proposal),
      -secondOptions(proposal),
    ]);
    const best = stateOf(state).best.map(({ objectives }) => objectives);
    expect(Math.max(...best.map(([first]) => first!))).toBeGreaterThan(11);
    expect(Math.min(...best.map(([, second]) => second!))).toBeLessThan(-11);
  });
});

test('a heavy prior draws at random', () => {
  const engine = tpe({ priorWeight: 1000, candidates: 1 });
  const { proposals } = run(engine, 200, (proposal) => [firstOptions(proposal)]);
  const late = proposals.slice(-100).map(firstOptions);
  expect(late.reduce((sum, count) => sum + count) / 100).toBeLessThan(8);
});
