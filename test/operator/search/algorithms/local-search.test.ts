// Local search by itself: where a climb begins, where it goes, when it ends, and what those do who would wait.
import { expect, test } from 'vitest';
import { parseGenotype, printGenotype } from '../../../../crds/index.ts';
import type { LocalSearchState } from '../../../../operator/search/algorithms/local-search.ts';
import {
  createEngine,
  type EngineProposal,
  type EngineState,
} from '../../../../operator/search/index.ts';
import { familyOf } from '../../../../operator/search/variation/families.ts';
import { makeSpace } from '../../../builders/genotype.ts';
import { failed, makeEngineSpec, scored } from '../../../builders/search.ts';

/** 19 layers with two rules: every network has 19 neighbours. */
const RESNET = makeSpace({ kind: 'fixed', network: 'resnet20', learningRules: ['FA', 'BP'] });

const localSearch = (settings: object) =>
  createEngine(
    makeEngineSpec({ algorithm: { name: 'local-search', settings }, searchSpace: RESNET, seed: 3 }),
  );
type Engine = ReturnType<typeof localSearch>;

const hereOf = ({ algorithm }: EngineState) => (algorithm as LocalSearchState).here?.index;

function ask(engine: Engine, state: EngineState, count: number) {
  const proposals: EngineProposal[] = [];
  let now = state;
  for (let i = 0; i < count; i += 1) {
    const asked = engine.ask(now);
    proposals.push(asked.proposal!);
    now = asked.state;
  }
  return { proposals, state: now };
}

const tell = (
  engine: Engine,
  state: EngineState,
  scores: readonly (readonly [EngineProposal, number | undefined])[],
) =>
  scores.reduce(
    (now, [each, score]) =>
      engine.tell(now, score === undefined ? failed(each) : scored(each, score)),
    state,
  );

/** One start, scored 0.5, and its whole neighbourhood proposed. */
function atStart(settings: object = {}) {
  const engine = localSearch({ starts: 1, ...settings });
  const first = ask(engine, engine.initial, 1);
  const begun = tell(engine, first.state, [[first.proposals[0]!, 0.5]]);
  const { proposals: neighbours, state } = ask(engine, begun, 19);
  return { engine, state, start: first.proposals[0]!, neighbours };
}

test('a climb begins at the best of its starts', () => {
  const engine = localSearch({ starts: 3 });
  const { proposals, state } = ask(engine, engine.initial, 4);
  const [a, b, c, d] = proposals as [
    EngineProposal,
    EngineProposal,
    EngineProposal,
    EngineProposal,
  ];
  const some = tell(engine, state, [
    [a, 0.1],
    [b, undefined],
    [c, 0.7],
  ]);
  expect(hereOf(some)).toBeUndefined();
  expect(hereOf(tell(engine, some, [[d, 0.3]]))).toBe(2);
});

test('every neighbour is proposed once, each one change away, and says which', () => {
  const { start, neighbours } = atStart();
  const parent = parseGenotype(start.genotype);
  const want = familyOf(parent).neighbours(parent, RESNET);
  const texts = new Map(want.map(({ apply, change }) => [printGenotype(apply()), change()]));
  expect(texts.size).toBe(19);
  expect(new Set(neighbours.map(({ genotype }) => genotype))).toEqual(new Set(texts.keys()));
  for (const { genotype, variation, parent: from } of neighbours)
    expect([variation, from]).toEqual([texts.get(genotype), 0]);
});

test('by default it goes to the first better neighbour, and results that come later may lead on', () => {
  const { engine, state, neighbours } = atStart();
  const [worse, better, best, equal] = neighbours as [
    EngineProposal,
    EngineProposal,
    EngineProposal,
    EngineProposal,
  ];
  const stay = tell(engine, state, [[worse, 0.4]]);
  expect(hereOf(stay)).toBe(0);
  const moved = tell(engine, stay, [[better, 0.6]]);
  expect(hereOf(moved)).toBe(better.index);
  expect(engine.ask(moved).proposal?.parent).toBe(better.index);
  const on = tell(engine, moved, [[best, 0.8]]);
  expect(hereOf(on)).toBe(best.index);
  expect(hereOf(tell(engine, on, [[equal, 0.8]]))).toBe(best.index);
});

test('where asked to, it goes to the best of all neighbours, once all have ended', () => {
  const { engine, state, neighbours } = atStart({ step: 'best' });
  const random = ask(engine, state, 1);
  const scores = neighbours.map(
    (each, i) => [each, i === 4 ? 0.9 : i === 9 ? undefined : 0.6] as const,
  );
  const nearly = tell(engine, random.state, scores.slice(0, -1));
  expect(hereOf(nearly)).toBe(0);
  expect(hereOf(tell(engine, nearly, scores.slice(-1)))).toBe(neighbours[4]!.index);
});

test('nobody waits: while neighbours are in flight, the starts of the next climb are drawn', () => {
  const { engine, state, neighbours } = atStart();
  const { proposals: starts, state: asked } = ask(engine, state, 3);
  expect(starts.map(({ variation }) => variation)).toEqual(['random', 'random', 'random']);
  // However good: this climb has not ended.
  const early = tell(engine, asked, [[starts[0]!, 0.95]]);
  expect(hereOf(early)).toBe(0);
  const rest = neighbours.map((each) => [each, 0.1] as const);
  const ended = tell(engine, early, rest.slice(0, -1));
  expect(hereOf(ended)).toBe(0);
  expect(hereOf(tell(engine, ended, rest.slice(-1)))).toBe(starts[0]!.index);
});

test('a neighbour that fails keeps no climb from its end', () => {
  const { engine, state, neighbours } = atStart();
  const asked = ask(engine, state, 1);
  const ended = tell(
    engine,
    asked.state,
    neighbours.map((each) => [each, undefined] as const),
  );
  expect(hereOf(ended)).toBeUndefined();
  const next = ask(engine, ended, 1);
  expect(next.proposals[0]!.variation).toBe('random');
});
