// Failed trials that are tried again: each once, at the next place, and the history stays one that a replay comes to.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALGORITHM_NAMES, type AlgorithmName } from '../../../crds/index.ts';
import {
  createEngine,
  type EngineProposal,
  type EngineSpec,
  type HistoryEvent,
  replay,
  takeOver,
  UnexpectedResultError,
} from '../../../operator/search/index.ts';
import { makeSpace } from '../../builders/genotype.ts';
import {
  failed,
  hashScore,
  type Move,
  makeAlgorithm,
  makeEngineSpec,
  moves,
  proposesNetworks,
  scored,
} from '../../builders/search.ts';

type Step = Move | { readonly kind: 'again'; readonly pick: number };

const steps = fc
  .tuple(moves(), fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 9 })), { maxLength: 8 }))
  .map(([list, wishes]) =>
    wishes.reduce<Step[]>(
      (all, [at, pick]) => all.toSpliced(at, 0, { kind: 'again', pick }),
      [...list],
    ),
  );

/** Each step; a wish is for one of those that have failed. */
function play(spec: EngineSpec, list: readonly Step[]) {
  const engine = createEngine(spec);
  const proposals: EngineProposal[] = [];
  const events: HistoryEvent[] = [];
  const wishes: number[] = [];
  const outstanding: EngineProposal[] = [];
  let state = engine.initial;
  for (const step of list) {
    if (step.kind === 'ask') {
      const asked = engine.ask(state);
      state = asked.state;
      proposals.push(...(asked.proposal ? [asked.proposal] : []));
      outstanding.push(...(asked.proposal ? [asked.proposal] : []));
    } else if (step.kind === 'tell' && outstanding.length > 0) {
      const [trial] = outstanding.splice(step.pick % outstanding.length, 1);
      const result = step.fails ? failed(trial!) : scored(trial!, hashScore(trial!.genotype));
      state = engine.tell(state, result);
      events.push(result);
    } else if (step.kind === 'again' && state.failed.length > 0) {
      const [index] = state.failed[step.pick % state.failed.length]!;
      state = engine.tryAgain(state, index);
      events.push({ kind: 'again', index });
      wishes.push(index);
    }
  }
  return { state, proposals, events, wishes };
}

const isAgain = ({ variation }: EngineProposal): boolean => variation.startsWith('tries trial');
const NETWORKS = ALGORITHM_NAMES.filter((name: AlgorithmName) => proposesNetworks(name));

describe.each(NETWORKS)('%s', (name) => {
  const spec = makeEngineSpec({ algorithm: makeAlgorithm(name) });
  const check = (property: (list: Step[]) => void) =>
    fc.assert(fc.property(steps, property), { numRuns: 40 });

  test('each wish is the next proposal, once, and nothing else is proposed twice', () => {
    check((list) => {
      const { proposals, wishes, state } = play(spec, list);
      const again = proposals.filter(isAgain);
      const open = state.again.map(([index]) => index);
      expect([...again.map(({ parent }) => parent), ...open]).toEqual(wishes);
      for (const { parent, genotype } of again)
        expect(proposals[parent ?? -1]?.genotype).toBe(genotype);
      const own = proposals.filter((each) => !isAgain(each)).map(({ genotype }) => genotype);
      expect(new Set(own).size).toBe(own.length);
      expect(proposals.map(({ index }) => index)).toEqual(proposals.map((_, k) => k));
    });
  });

  test('a replay comes to the same state', () => {
    check((list) => {
      const { proposals, events, state } = play(spec, list);
      const replayed = replay(spec, { trials: proposals, results: events });
      expect(JSON.stringify(replayed)).toBe(JSON.stringify({ state, lost: [] }));
    });
  });

  test('where the history lost its order, none is tried once more that was', () => {
    check((list) => {
      const { proposals, events, wishes } = play(spec, list);
      const results = events.filter(({ kind }) => kind !== 'again').toReversed();
      const { state } = takeOver(spec, { trials: proposals, results });
      const tried = new Set(proposals.filter(isAgain).map(({ parent }) => parent));
      expect(state.failed.filter(([index]) => tried.has(index))).toEqual([]);
      expect(wishes.length).toBeGreaterThanOrEqual(tried.size);
    });
  });
});

test('gaps of a history are filled, and no trial is tried again by two', () => {
  const spec = makeEngineSpec({ searchSpace: makeSpace({ kind: 'darts' }) });
  fc.assert(
    fc.property(steps, (list) => {
      const { proposals, events, wishes } = play(spec, list);
      const told = new Set(events.map(({ index }) => index));
      const kept = proposals.filter(({ index }, k) => told.has(index) || k % 2 === 0);
      const { lost, state } = replay(spec, { trials: kept, results: events });
      const tried = [...kept, ...lost].filter(isAgain).map(({ parent }) => parent);
      const open = state.again.map(([index]) => index);
      expect([...tried, ...open].toSorted()).toEqual(wishes.toSorted());
    }),
    { numRuns: 100 },
  );
});

test('of random search every other place has the network that it would have had', () => {
  const spec = makeEngineSpec({ searchSpace: makeSpace({ kind: 'darts' }) });
  fc.assert(
    fc.property(steps, (list) => {
      const { proposals } = play(spec, list);
      const without = play(
        spec,
        list.filter(({ kind }) => kind !== 'again'),
      ).proposals;
      for (const [k, each] of proposals.entries())
        if (!isAgain(each)) expect(each.genotype).toBe(without[k]?.genotype);
    }),
    { numRuns: 40 },
  );
});

test.each<[string, 'scored' | 'failed' | 'none', number]>([
  ['has not failed', 'scored', 1],
  ['has no result yet', 'none', 1],
  ['was asked for before', 'failed', 2],
])('a trial that %s is not tried again', (_, end, times) => {
  const engine = createEngine(makeEngineSpec());
  const { state, proposal } = engine.ask(engine.initial);
  const result = end === 'failed' ? failed(proposal!) : scored(proposal!, 0.5);
  const told = end === 'none' ? state : engine.tell(state, result);
  const ask = () =>
    Array.from({ length: times }).reduce<typeof told>((at) => engine.tryAgain(at, 0), told);
  expect(ask).toThrow(UnexpectedResultError);
});

test('another supernet is as good as one that failed', () => {
  const engine = createEngine(makeEngineSpec({ algorithm: { name: 'darts', settings: {} } }));
  const { state, proposal } = engine.ask(engine.initial);
  expect(engine.tell(state, failed(proposal!)).failed).toEqual([]);
});
