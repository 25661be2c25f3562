// The search engine: an algorithm bound to a spec, with proposals and results checked against each other. A function of
// its history (design D2): the same spec and the same results in the same order give the same proposals, byte for byte.
import type { BioNASSearchSpec } from '../../crds/index.ts';
import type { AlgorithmState, Asked, Proposal, Result } from './algorithm.ts';
import { ALGORITHMS } from './algorithms/index.ts';
import { proposeWarm, warmTexts } from './warm-start.ts';

/** The part of a spec that the engine depends on; a change of the rest (budget, parallelism) does not change proposals. */
export type EngineSpec = Pick<
  BioNASSearchSpec,
  'seed' | 'searchSpace' | 'objectives' | 'algorithm' | 'warmStart'
>;

/** Plain JSON. */
export interface EngineState {
  readonly algorithm: AlgorithmState;
  /** Proposals without a result, as index and canonical text, in their order. */
  readonly outstanding: readonly (readonly [index: number, genotype: string])[];
  /** Results told, failed ones included. */
  readonly told: number;
}

/** A proposal and how many results the engine knew when it made it, which is what a replay needs. */
export interface EngineProposal extends Proposal {
  readonly proposedAfter: number;
}

export interface Engine {
  readonly initial: EngineState;
  /** As SearchAlgorithm.ask. */
  ask(state: EngineState): Asked<EngineState, EngineProposal>;
  /** As SearchAlgorithm.tell. Throws UnexpectedResultError, also where a proposal was told before. */
  tell(state: EngineState, result: Result): EngineState;
}

/** A result of a proposal that is not outstanding, or not the result that was asked for. */
export class UnexpectedResultError extends Error {
  override readonly name = 'UnexpectedResultError';
  readonly index: number;

  constructor(index: number, expected: string, got: string) {
    super(
      `result of trial ${index}: expected ${expected}, got ${got}; tell each outstanding proposal once, as proposed`,
    );
    this.index = index;
  }
}

/** @throws WarmStartError */
export function createEngine(spec: EngineSpec): Engine {
  const algorithm = ALGORITHMS[spec.algorithm.name];
  const { searchSpace: space, seed, objectives } = spec;
  const warm = warmTexts(spec.warmStart, space);
  return {
    initial: {
      algorithm: algorithm.init(spec.algorithm.settings, { space, seed, objectives }),
      outstanding: [],
      told: 0,
    },

    ask(state) {
      const asked = proposeWarm(state.algorithm, warm) ?? algorithm.ask(state.algorithm);
      const { proposal } = asked;
      if (proposal === undefined) {
        return { state: { ...state, algorithm: asked.state }, none: asked.none };
      }
      const waits = [proposal.index, proposal.genotype] as const;
      return {
        state: { ...state, algorithm: asked.state, outstanding: [...state.outstanding, waits] },
        proposal: { ...proposal, proposedAfter: state.told },
      };
    },

    tell(state, result) {
      checkResult(state, result, objectives.length);
      return {
        algorithm: algorithm.tell(state.algorithm, result),
        outstanding: state.outstanding.filter(([index]) => index !== result.index),
        told: state.told + 1,
      };
    },
  };
}

function checkResult(state: EngineState, result: Result, count: number): void {
  const { index, genotype, outcome } = result;
  const [, proposed] = state.outstanding.find(([waiting]) => waiting === index) ?? [];
  if (proposed === undefined) {
    throw new UnexpectedResultError(
      index,
      'an outstanding proposal',
      'one never made or told before',
    );
  }
  if (proposed !== genotype) throw new UnexpectedResultError(index, proposed, genotype);
  if (outcome.kind === 'failed') return;
  const values = outcome.objectives;
  if (values.length !== count || !values.every(Number.isFinite)) {
    const got = `[${values.join(', ')}]`;
    throw new UnexpectedResultError(index, `${count} finite objectives`, got);
  }
}
