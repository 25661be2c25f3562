// Searches for tests: specs of the engine, results, and searches that run by a list of moves.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { AlgorithmName, TrialResult } from '../../crds/index.ts';
import {
  createEngine,
  type EngineProposal,
  type EngineSpec,
  type EngineState,
  type Result,
} from '../../operator/search/index.ts';
import { makeSpace } from './genotype.ts';

/** An NB201 search with a population that fills soon, so that short runs reach every phase. */
export function makeEngineSpec(overrides: Partial<EngineSpec> = {}): EngineSpec {
  return {
    seed: 1,
    searchSpace: makeSpace({ kind: 'nb201' }),
    objectives: [{ metric: 'accuracy', goal: 'maximize' }],
    algorithm: { name: 'random', settings: {} },
    ...overrides,
  };
}

/** Settings with which short runs reach every phase of an algorithm. */
const SHORT: Readonly<Record<AlgorithmName, EngineSpec['algorithm']['settings']>> = {
  random: {},
  'regularized-evolution': { population: 4, sample: 2 },
  nsga2: { population: 4 },
  tpe: { startup: 4, gamma: 0.25, candidates: 4 },
  'local-search': { starts: 2 },
  grid: {},
  darts: {},
  eg: {},
  'one-shot': {},
};

export function makeAlgorithm(name: AlgorithmName): EngineSpec['algorithm'] {
  return { name, settings: SHORT[name] };
}

/** And no supernets. */
export function proposesNetworks(name: AlgorithmName): boolean {
  const { initial, ask } = createEngine(makeEngineSpec({ algorithm: makeAlgorithm(name) }));
  return ask(initial).proposal?.kind === undefined;
}

/** A score in [0, 1) that only the text decides. */
export function hashScore(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

export function scored(
  { index, genotype }: Pick<Result, 'index' | 'genotype'>,
  ...objectives: number[]
): Result {
  return { index, genotype, outcome: { kind: 'scored', objectives } };
}

/** Found to be so before it was trained. */
export function infeasible(
  { index, genotype }: Pick<Result, 'index' | 'genotype'>,
  violation: number,
): Result {
  return { index, genotype, outcome: { kind: 'infeasible', violation } };
}

export function failed({ index, genotype }: Pick<Result, 'index' | 'genotype'>): Result {
  return { index, genotype, outcome: { kind: 'failed' } };
}

export function makeTrialResult(
  overrides: Partial<TrialResult['metrics']> = {},
  outcome: TrialResult['outcome'] = 'Trained',
): Pick<TrialResult, 'outcome' | 'metrics'> {
  const metrics = {
    accuracy: 0.9,
    loss: 0.3,
    parameters: 1000,
    macs: 5000,
    robustAccuracy: 0.4,
    latency: 0.002,
    synflow: 1e6,
    alignmentAtInit: 0.5,
  };
  return { outcome, metrics: { ...metrics, picturesPerSecond: 100, seconds: 60, ...overrides } };
}

/** Ask for one more, or tell what became of the outstanding trial number `pick` (modulo their count). */
export type Move =
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'tell';
      readonly pick: number;
      readonly fails: boolean;
      /** Outside of the constraints before it is trained. */
      readonly outside?: boolean;
    };

const ASK: fc.Arbitrary<Move> = fc.constant({ kind: 'ask' });

/** Any number in flight, results in any order, some of them failures, others infeasible. */
export function moves(maxLength = 60): fc.Arbitrary<Move[]> {
  const tell = fc.record({
    kind: fc.constant('tell' as const),
    pick: fc.nat({ max: 20 }),
    fails: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
    outside: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
  });
  return fc.array(fc.oneof(ASK, tell), { maxLength, size: 'max' });
}

export interface Run {
  readonly state: EngineState;
  readonly proposals: readonly EngineProposal[];
  readonly results: readonly Result[];
  readonly outstanding: readonly EngineProposal[];
}

/** Plays the moves; `between` sees, and may exchange, the state before each of them. */
export function play(
  spec: EngineSpec,
  list: readonly Move[],
  between: (state: EngineState) => EngineState = (state) => state,
): Run {
  const engine = createEngine(spec);
  const proposals: EngineProposal[] = [];
  const results: Result[] = [];
  const outstanding: EngineProposal[] = [];
  let state = engine.initial;
  for (const move of list) {
    state = between(state);
    if (move.kind === 'ask') {
      const asked = engine.ask(state);
      state = asked.state;
      if (asked.proposal) outstanding.push(asked.proposal);
      if (asked.proposal) proposals.push(asked.proposal);
    } else if (outstanding.length > 0) {
      const [trial] = outstanding.splice(move.pick % outstanding.length, 1);
      const score = hashScore(trial!.genotype);
      const ended = move.outside ? infeasible(trial!, 1 + score) : scored(trial!, score);
      const result = move.fails ? failed(trial!) : ended;
      state = engine.tell(state, result);
      results.push(result);
    }
  }
  return { state, proposals, results, outstanding };
}

/** One trial at a time, each scored. */
export function inTurn(count: number): Move[] {
  return Array.from({ length: count }, (): Move[] => [
    { kind: 'ask' },
    { kind: 'tell', pick: 0, fails: false },
  ]).flat();
}
