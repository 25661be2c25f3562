// What every search algorithm must do, whatever it proposes. Called once an algorithm by algorithms.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  genotypeInSpace,
  parseGenotype,
  printGenotype,
  spaceSize,
} from '../../crds/index.ts';
import {
  createEngine,
  type EngineSpec,
  type EngineState,
  mayPropose,
  replay,
  takeOver,
} from '../../operator/search/index.ts';
import { makeSpace } from '../builders/genotype.ts';
import {
  failed,
  hashScore,
  inTurn,
  makeAlgorithm,
  makeEngineSpec,
  moves,
  play,
  scored,
} from '../builders/search.ts';

const SPACES = {
  'darts, full conversion': makeSpace({ kind: 'darts' }),
  'darts, two operations, one rule': makeSpace({
    kind: 'darts',
    operations: ['skip_connect', 'sep_conv_3x3'],
    learningRules: ['uSF'],
  }),
  'nb201, partial conversion without BP': makeSpace({
    kind: 'nb201',
    conversion: 'partial',
    learningRules: ['FA', 'uSF'],
  }),
  'fixed resnet20': makeSpace({ kind: 'fixed', network: 'resnet20' }),
  'fixed lenet, 16 networks': makeSpace({
    kind: 'fixed',
    network: 'lenet',
    learningRules: ['BP', 'FA'],
  }),
};

export function algorithmCases(name: AlgorithmName): void {
  const algorithm = makeAlgorithm(name);
  const specs: fc.Arbitrary<EngineSpec> = fc
    .tuple(fc.constantFrom(...Object.values(SPACES)), fc.nat({ max: 2 ** 32 - 1 }))
    .map(([searchSpace, seed]) => makeEngineSpec({ algorithm, searchSpace, seed }));
  const check = (property: (spec: EngineSpec, list: Parameters<typeof play>[1]) => void) =>
    fc.assert(fc.property(specs, moves(), property), { numRuns: 60 });

  describe('with any number in flight and results in any order', () => {
    test('proposals are new, and numbered without gaps', () => {
      check((spec, list) => {
        const { proposals } = play(spec, list);
        for (const [i, { index, variation, parent }] of proposals.entries()) {
          expect(index).toBe(i);
          expect(variation).toMatch(/^.{1,256}$/);
          expect(parent ?? -1).toBeLessThan(i);
        }
        expect(new Set(proposals.map(({ genotype }) => genotype)).size).toBe(proposals.length);
      });
    });

    test('the same seed and the same results in the same order give the same bytes', () => {
      check((spec, list) => {
        expect(JSON.stringify(play(spec, list))).toBe(JSON.stringify(play(spec, list)));
      });
    });

    test('a state that goes through JSON before every move goes on the same', () => {
      check((spec, list) => {
        const stored = play(spec, list, (state) => JSON.parse(JSON.stringify(state)));
        expect(JSON.stringify(stored)).toBe(JSON.stringify(play(spec, list)));
      });
    });

    test('no state is changed in place', () => {
      check((spec, list) => {
        expect(() => play(spec, list, deepFreeze)).not.toThrow();
      });
    });

    test('a replay comes to the state of the live search, and goes on the same', () => {
      check((spec, list) => {
        const { state, proposals, results } = play(spec, list);
        const { state: replayed, lost } = replay(spec, { trials: proposals, results });
        expect(lost).toEqual([]);
        expect(JSON.stringify(replayed)).toBe(JSON.stringify(state));
        const { ask } = createEngine(spec);
        expect(ask(replayed)).toEqual(ask(state));
      });
    });
  });

  test('never proposes past the budget or the parallelism, and uses all of the budget', () => {
    const limits = fc.record({
      trials: fc.integer({ min: 1, max: 40 }),
      parallelism: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(limits, fc.infiniteStream(fc.nat()), (limit, picks) => {
        const spec = makeEngineSpec({ algorithm });
        const { proposed, mostOutstanding } = spend(spec, limit, picks);
        expect(proposed).toBe(limit.trials);
        expect(mostOutstanding).toBe(Math.min(limit.trials, limit.parallelism));
      }),
      { numRuns: 60 },
    );
  });

  test('a search whose history lost its order goes on, and proposes none of it again', () => {
    check((spec, list) => {
      const { proposals, results } = play(spec, list);
      const { state } = takeOver(spec, { trials: proposals, results: results.toReversed() });
      expect(state.told).toBe(results.length);
      const { proposal } = createEngine(spec).ask(state);
      expect(proposals.map(({ genotype }) => genotype)).not.toContain(proposal?.genotype);
    });
  });

  test('no network is varied from one that failed or that has no result yet', () => {
    check((spec, list) => {
      const { proposals, results } = play(spec, list);
      for (const { parent, proposedAfter } of proposals) {
        if (parent === undefined) continue;
        const told = results.slice(0, proposedAfter).find(({ index }) => index === parent);
        expect(told?.outcome.kind).toMatch(/scored|infeasible/);
      }
    });
  });

  test('goes on when every trial fails', () => {
    const list = inTurn(50).map((move) => ({ ...move, fails: true }));
    const { proposals, results } = play(makeEngineSpec({ algorithm }), list);
    expect(results.every(({ outcome }) => outcome.kind === 'failed')).toBe(true);
    expect(new Set(proposals.map(({ genotype }) => genotype)).size).toBe(50);
  });
}

/** Of algorithms that propose networks, and no supernets. */
export function networkCases(name: AlgorithmName): void {
  const algorithm = makeAlgorithm(name);

  test('proposals are canonical and in the space', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(SPACES)), moves(), (searchSpace, list) => {
        for (const { genotype } of play(makeEngineSpec({ algorithm, searchSpace }), list)
          .proposals) {
          const parsed = parseGenotype(genotype);
          expect(printGenotype(parsed)).toBe(genotype);
          expect(genotypeInSpace(parsed, searchSpace)).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  test('different seeds propose different networks', () => {
    const first = (seed: number) => play(makeEngineSpec({ algorithm, seed }), inTurn(10)).proposals;
    expect(first(1)).not.toEqual(first(2));
  });

  test('begins with the networks it is given, whatever becomes of them', () => {
    const genotypes = play(makeEngineSpec({ seed: 7 }), inTurn(6)).proposals.map(
      ({ genotype }) => genotype,
    );
    const spec = makeEngineSpec({ algorithm, warmStart: { genotypes } });
    fc.assert(
      fc.property(moves(), (list) => {
        const { state, proposals, results } = play(spec, list);
        const texts = proposals.map(({ genotype }) => genotype);
        expect(texts.slice(0, 6)).toEqual(genotypes.slice(0, texts.length));
        expect(new Set(texts).size).toBe(texts.length);
        expect(replay(spec, { trials: proposals, results }).state).toEqual(state);
      }),
      { numRuns: 30 },
    );
  });

  test('is told of what another search scored, and proposes none of it but what it is to begin with', () => {
    const others = play(makeEngineSpec({ seed: 7 }), inTurn(12)).proposals.map(
      ({ genotype }) => genotype,
    );
    const told = others.map((genotype) => ({ genotype, objectives: [hashScore(genotype)] }));
    const [wanted = ''] = others;
    const spec = makeEngineSpec({ algorithm, told, warmStart: { genotypes: [wanted] } });
    fc.assert(
      fc.property(moves(), (list) => {
        const { state, proposals, results } = play(spec, list);
        const [first, ...texts] = proposals.map(({ genotype }) => genotype);
        expect([wanted, undefined]).toContain(first);
        expect(texts.filter((text) => others.includes(text))).toEqual([]);
        for (const { parent = 0 } of proposals) expect(parent).toBeGreaterThanOrEqual(0);
        expect(replay(spec, { trials: proposals, results }).state).toEqual(state);
        expect(createEngine(spec).initial).toEqual(createEngine(spec).initial);
      }),
      { numRuns: 30 },
    );
  });

  test.each(['scored at once', 'failed at once', 'left outstanding'] as const)(
    'proposes each network of a small space once and then says that none is left: %s',
    (fate) => {
      const spec = makeEngineSpec({ algorithm, searchSpace: SPACES['fixed lenet, 16 networks'] });
      const engine = createEngine(spec);
      let state = engine.initial;
      const texts = new Set<string>();
      for (let i = 0; i < 16; i += 1) {
        const asked = engine.ask(state);
        const proposal = asked.proposal!;
        texts.add(proposal.genotype);
        state = asked.state;
        if (fate === 'failed at once') state = engine.tell(state, failed(proposal));
        if (fate === 'scored at once') {
          state = engine.tell(state, scored(proposal, hashScore(proposal.genotype)));
        }
      }
      expect(texts.size).toBe(Number(spaceSize(spec.searchSpace)));
      const { none, state: after } = engine.ask(state);
      expect(none).toEqual({
        reason: 'SpaceExhausted',
        message: 'all 16 networks of the search space were proposed',
      });
      expect(after).toEqual(state);
      expect(engine.ask(after).none).toEqual(none);
    },
  );
}

/** Proposes as often as the budget lets it; whenever it must wait, one outstanding trial ends. */
function spend(
  spec: EngineSpec,
  limit: { trials: number; parallelism: number },
  picks: Iterator<number>,
): { proposed: number; mostOutstanding: number } {
  const engine = createEngine(spec);
  let state: EngineState = engine.initial;
  let proposed = 0;
  let mostOutstanding = 0;
  for (;;) {
    const waiting = state.outstanding;
    const decision = mayPropose({
      spec: {
        budget: { trials: limit.trials, failedTrials: 0 },
        objectives: spec.objectives,
        parallelism: limit.parallelism,
        suspend: false,
      },
      counts: { proposed, failed: 0 },
      elapsedMs: 0,
      deviceSeconds: 0,
      outstanding: waiting.length,
      leaders: [],
    });
    if (decision.kind === 'propose') {
      state = engine.ask(state).state;
      proposed += 1;
      mostOutstanding = Math.max(mostOutstanding, waiting.length + 1);
      continue;
    }
    if (waiting.length === 0) return { proposed, mostOutstanding };
    const [index, genotype] = waiting[picks.next().value % waiting.length]!;
    state = engine.tell(state, scored({ index, genotype }, hashScore(genotype)));
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
