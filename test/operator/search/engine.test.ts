// The engine's own promises: results are checked against proposals, and a history that does not fit is refused.
import { describe, expect, test } from 'vitest';
import {
  createEngine,
  type EngineState,
  type History,
  HistoryMismatchError,
  replay,
  takeOver,
  UnexpectedResultError,
  WarmStartError,
} from '../../../operator/search/index.ts';
import { makeSpace } from '../../builders/genotype.ts';
import {
  failed,
  inTurn,
  makeAlgorithm,
  makeEngineSpec,
  play,
  scored,
} from '../../builders/search.ts';

const SPEC = makeEngineSpec({ algorithm: makeAlgorithm('regularized-evolution') });

describe('results', () => {
  const engine = createEngine(SPEC);
  const { state, proposal } = engine.ask(engine.initial);
  const told = proposal!;

  test('a proposal says how many results were known, and is outstanding until it is told', () => {
    expect(told).toMatchObject({ index: 0, proposedAfter: 0, variation: 'random' });
    expect(state.outstanding).toMatchObject([[0, told.genotype, { paused: false }]]);
    const after = engine.tell(state, failed(told));
    expect(after).toMatchObject({ outstanding: [], told: 1 });
    expect(engine.ask(after).proposal).toMatchObject({ index: 1, proposedAfter: 1 });
  });

  test.each([
    ['a proposal never made', { ...told, index: 7 }, [0.5], /trial 7: expected an outstanding/],
    ['another genotype', { ...told, genotype: 'lenet;' }, [0.5], /expected nb201;.*, got lenet;/],
    ['too few objectives', told, [], /expected 1 finite objectives, got \[\]/],
    ['no finite objective', told, [Number.NaN], /expected 1 finite objectives, got \[NaN\]/],
  ])('are refused: %s', (_title, trial, values, want) => {
    const tell = () => engine.tell(state, scored(trial, ...values));
    expect(tell).toThrow(UnexpectedResultError);
    expect(tell).toThrow(want);
  });

  test('are refused the second time', () => {
    const after = engine.tell(state, scored(told, 0.5));
    expect(() => engine.tell(after, scored(told, 0.5))).toThrow(
      /got one never made or told before/,
    );
  });
});

describe('a warm start', () => {
  const conv = 'nb201;nor_conv_3x3:uSF~0|none~0,none~1|none~0,skip_connect~1,none~2;rest=BP';
  const skip = 'nb201;skip_connect~0|none~0,none~1|none~0,skip_connect~1,none~2;rest=BP';
  const searchSpace = makeSpace({ kind: 'nb201', conversion: 'partial' });
  const warm = (...genotypes: string[]) =>
    makeEngineSpec({ ...SPEC, searchSpace, warmStart: { genotypes } });

  test('is proposed first, in its order and each network once; then the algorithm goes on from it', () => {
    const { proposals } = play(warm(conv, skip, conv), inTurn(12));
    expect(proposals.slice(0, 3)).toMatchObject([
      { genotype: conv, variation: 'warm start' },
      { genotype: skip, variation: 'warm start' },
      { variation: 'random' },
    ]);
    expect(proposals.slice(4).map(({ parent }) => parent)).not.toContain(undefined);
    expect(new Set(proposals.map(({ genotype }) => genotype)).size).toBe(12);
  });

  test('is replayed like the rest', () => {
    const { state, proposals, results } = play(warm(conv, skip), inTurn(9));
    expect(replay(warm(conv, skip), { trials: proposals, results }).state).toEqual(state);
  });

  test.each([
    ['no genotype', 'nb202;', /genotypes\[1\]: .*nb201/],
    [
      'a network of another space',
      'lenet;conv2=BP,conv3=BP,fc1=BP,fc2=BP',
      /genotypes\[1\]: expected a network of searchSpace, but family fixed is not nb201/,
    ],
  ])('is refused where it holds %s', (_title, text, want) => {
    const create = () => createEngine(warm(conv, text));
    expect(create).toThrow(WarmStartError);
    expect(create).toThrow(want);
  });
});

describe('a history is refused', () => {
  const { proposals, results } = play(SPEC, inTurn(10));
  const history: History = { trials: proposals, results };

  const mismatch = (spec: typeof SPEC, changed: Partial<History>): HistoryMismatchError => {
    try {
      replay(spec, { ...history, ...changed });
    } catch (error) {
      if (error instanceof HistoryMismatchError) return error;
      throw error;
    }
    throw new Error('expected the history to be refused, got a state');
  };

  test('where the seed was edited: at the first trial, with both genotypes', () => {
    const error = mismatch({ ...SPEC, seed: 2 }, {});
    expect(error).toMatchObject({ index: 0, expected: proposals[0]?.genotype });
    expect(error.got).toMatch(/^nb201;/);
    expect(error.got).not.toBe(error.expected);
    expect(error.message).toMatch(
      /^trial 0 of the history: expected nb201;.*as recorded, got nb201;/,
    );
  });

  test('where a score differs: at a later trial, whose parent is another', () => {
    const worst = results.map((result) => scored(result, -result.index));
    expect(mismatch(SPEC, { results: worst }).index).toBeGreaterThan(3);
  });

  test('where a trial is there twice', () => {
    const error = mismatch(SPEC, { trials: proposals.toSpliced(2, 0, proposals[2]!) });
    expect(error).toMatchObject({ index: 2, got: 'two' });
  });

  test('where results are missing', () => {
    const error = mismatch(SPEC, { results: results.slice(0, 4) });
    expect(error).toMatchObject({
      index: 5,
      expected: '5 results before it',
      got: '4 results before it',
    });
  });

  test('where the space has no further network', () => {
    const searchSpace = makeSpace({ kind: 'nb201', operations: ['none'], learningRules: ['BP'] });
    const small = { ...SPEC, searchSpace };
    const only = play(small, [{ kind: 'ask' }]).proposals[0]!;
    expect(() => replay(small, { trials: [only, { ...only, index: 1 }], results: [] })).toThrow(
      /got all 1 networks of the search space were proposed/,
    );
  });

  test('where a result has no trial', () => {
    const unknown = { ...results[0]!, index: 99 };
    expect(() => replay(SPEC, { ...history, results: [...results, unknown] })).toThrow(
      UnexpectedResultError,
    );
  });
});

test('a proposal whose record was lost is made again', () => {
  const two = play(SPEC, [{ kind: 'ask' }, { kind: 'ask' }, { kind: 'ask' }]).proposals;
  const { lost, state } = replay(SPEC, { trials: two.toSpliced(1, 1), results: [] });
  expect(lost).toMatchObject([{ index: 1, genotype: two[1]?.genotype, proposedAfter: 0 }]);
  expect(state.outstanding.map(([index]) => index)).toEqual([0, 1, 2]);
});

test('an empty history is the beginning', () => {
  expect(replay(SPEC, { trials: [], results: [] }).state).toEqual(createEngine(SPEC).initial);
});

describe('a history that lost its order is taken over', () => {
  const { proposals, results } = play(SPEC, inTurn(30));
  const shuffled = results.toReversed();

  test('with its proposals as they were made, and goes on with new ones', () => {
    expect(() => replay(SPEC, { trials: proposals, results: shuffled })).toThrow();
    const { state, lost } = takeOver(SPEC, { trials: proposals, results: shuffled });
    expect(lost).toEqual([]);
    expect(state).toMatchObject({ told: 30, outstanding: [] });
    const { proposal } = createEngine(SPEC).ask(state);
    expect(proposal).toMatchObject({ index: 30, proposedAfter: 30 });
    expect(proposals.map(({ genotype }) => genotype)).not.toContain(proposal?.genotype);
  });

  test('in its order it comes to the same as a replay', () => {
    const history = { trials: proposals, results };
    const next = (state: EngineState) => createEngine(SPEC).ask(state).proposal;
    expect(next(takeOver(SPEC, history).state)).toEqual(next(replay(SPEC, history).state));
  });

  test('with gaps filled by networks that nobody has proposed', () => {
    const kept = proposals.filter(({ index }) => index % 3 !== 1);
    const known = results.filter(({ index }) => index % 3 !== 1);
    const { state, lost } = takeOver(SPEC, { trials: kept, results: known });
    expect(lost.map(({ index }) => index)).toEqual(Array.from({ length: 10 }, (_, i) => 3 * i + 1));
    const all = [...kept, ...lost].map(({ genotype }) => genotype);
    expect(new Set(all).size).toBe(30);
    expect(state.outstanding.map(([index]) => index)).toEqual(lost.map(({ index }) => index));
  });

  test('not where a trial is there twice', () => {
    const twice = proposals.toSpliced(2, 0, proposals[2]!);
    expect(() => takeOver(SPEC, { trials: twice, results: [] })).toThrow(HistoryMismatchError);
  });
});
