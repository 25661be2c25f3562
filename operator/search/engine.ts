// The search engine: an algorithm and a scheduler bound to a spec, with proposals and results checked against each other. A
// function of its history (design D2): the same spec and the same events in the same order give the same decisions, byte for
// byte.
import { type BioNASSearchSpec, isSupernetText } from '../../crds/index.ts';
import { type FailedTrial, proposeAgain } from './again.ts';
import type { AlgorithmState, Asked, Proposal, Result, SearchAlgorithm } from './algorithm.ts';
import { ALGORITHMS } from './algorithms/index.ts';
import { type Next, type Plan, SCHEDULERS, type Scheduler } from './scheduling/index.ts';
import { knowing, ofOwn, proposeWarm, type TakenResult, warmTexts } from './warm-start.ts';

/** The part of a spec that the engine depends on; a change of the rest (budget, parallelism) does not change proposals. */
export type EngineSpec = Pick<
  BioNASSearchSpec,
  'seed' | 'searchSpace' | 'objectives' | 'algorithm' | 'warmStart'
> & {
  readonly scheduling?: BioNASSearchSpec['scheduling'];
  readonly training?: Pick<BioNASSearchSpec['training'], 'epochs'>;
  /** Texts of what `warmStart.search` gave, as the ledger has them. */
  readonly taken?: readonly string[];
  /** Networks that another search had scored, oldest first, as the ledger has them: the algorithm is told of them to begin with. */
  readonly told?: readonly TakenResult[];
};

/** How far a proposal has come. */
export interface Progressing {
  readonly plan: Plan;
  /** It has come to the end of its plan, and waits for a promotion. */
  readonly paused: boolean;
  /** Whether the algorithm was told of it. */
  readonly heard: boolean;
}

/** A proposal without a result. */
export type Outstanding = readonly [index: number, genotype: string, at: Progressing];

/** Plain JSON. */
export interface EngineState {
  readonly algorithm: AlgorithmState;
  readonly scheduler: unknown;
  /** In the order of their proposals. */
  readonly outstanding: readonly Outstanding[];
  /** That have failed, and were not asked for again. Supernets are none of them: another one is as good. */
  readonly failed: readonly FailedTrial[];
  /** Of those that failed, the ones that are to be proposed again, in this order. */
  readonly again: readonly FailedTrial[];
  /** Events so far: results, failed ones included, pauses, promotions and wishes to try a failed trial again. */
  readonly told: number;
}

/** A proposal and how many events the engine knew when it made it, which is what a replay needs. */
export interface EngineProposal extends Proposal {
  readonly proposedAfter: number;
}

/** What became of a trial, at its end or at a rung. */
export interface Heard extends Result {
  /** First objective after each epoch, where the scheduler reads curves. */
  readonly curve?: readonly number[];
}

export interface Engine {
  readonly initial: EngineState;
  /** Whether its scheduler pauses trials. */
  readonly hasRungs: boolean;
  /** Whether `tell` needs curves. */
  readonly readsCurves: boolean;
  /** As Scheduler.decide: what a free place is for. */
  next(state: EngineState, of: { readonly mayStart: boolean }): Next;
  /** How far the network would train that a free place is for: a new one, or the paused one of this index. */
  planOf(state: EngineState, promoted?: number): Plan;
  /** As SearchAlgorithm.ask. */
  ask(state: EngineState): Asked<EngineState, EngineProposal>;
  /** A trial that was proposed, whatever the engine would have asked for. */
  begin(state: EngineState, proposed: Pick<Proposal, 'index' | 'genotype'>): EngineState;
  /** The next new place is for the network of this failed trial. Throws UnexpectedResultError where there is none such. */
  tryAgain(state: EngineState, index: number): EngineState;
  /** A trial that paused goes on. Throws PromotionError. */
  promote(state: EngineState, index: number): EngineState;
  /** A trial pauses at the end of its plan. Throws UnexpectedResultError. */
  pause(state: EngineState, result: Heard): EngineState;
  /**
   * A trial has ended. The algorithm is told of a trial once: at its first pause, when all have trained equally long, or
   * here. Throws UnexpectedResultError, also where a proposal was told before.
   */
  tell(state: EngineState, result: Heard): EngineState;
}

/** A result of a proposal that is not outstanding, or not the result that was asked for. */
export class UnexpectedResultError extends Error {
  override readonly name = 'UnexpectedResultError';
  readonly index: number;
  readonly expected: string;
  readonly got: string;

  constructor(index: number, expected: string, got: string) {
    super(
      `result of trial ${index}: expected ${expected}, got ${got}; tell each outstanding proposal once, as proposed`,
    );
    this.index = index;
    this.expected = expected;
    this.got = got;
  }
}

/** @throws WarmStartError */
export function createEngine(spec: EngineSpec): Engine {
  const { searchSpace: space, seed, objectives } = spec;
  const { scheduling: settings = { name: 'none' }, training: { epochs } = { epochs: 1 } } = spec;
  const warm = warmTexts(spec, space);
  const algorithm = ALGORITHMS[spec.algorithm.name];
  const scheduler = SCHEDULERS[settings.name];
  const parts = { algorithm, scheduler, warm, objectives: objectives.length };
  return {
    initial: {
      algorithm: knowing(
        algorithm,
        algorithm.init(spec.algorithm.settings, { space, seed, objectives }),
        { ...spec, warm },
      ),
      scheduler: scheduler.init({ settings, epochs, objectives }),
      outstanding: [],
      failed: [],
      again: [],
      told: 0,
    },
    hasRungs: scheduler.hasRungs,
    readsCurves: scheduler.readsCurves,
    next: (state, of) => scheduler.decide(state.scheduler, of),
    planOf: ({ scheduler: at, algorithm: { proposed } }, promoted) =>
      (promoted === undefined ? scheduler.start(at, proposed) : scheduler.promote(at, promoted))
        .plan,
    ...beginning(parts),
    ...hearing(parts),
  };
}

interface Parts {
  readonly algorithm: SearchAlgorithm;
  readonly scheduler: Scheduler;
  /** Texts of the warm start. */
  readonly warm: readonly string[];
  /** How many. */
  readonly objectives: number;
}

function beginning({
  algorithm,
  scheduler,
  warm,
}: Parts): Pick<Engine, 'ask' | 'begin' | 'promote' | 'tryAgain'> {
  const begin: Engine['begin'] = (state, { index, genotype }) => {
    const { state: after, plan } = scheduler.start(state.scheduler, index);
    const waits = [index, genotype, { plan, paused: false, heard: false }] as const;
    return { ...state, scheduler: after, outstanding: [...state.outstanding, waits] };
  };
  return {
    begin,

    ask(state) {
      const warmed = proposeWarm(state.algorithm, warm);
      const [wanted, ...others] = warmed === undefined ? state.again : [];
      const tried = wanted && proposeAgain(state.algorithm, wanted);
      const asked = warmed ?? tried ?? algorithm.ask(state.algorithm);
      const again = wanted === undefined ? state.again : others;
      const { proposal } = asked;
      if (proposal === undefined) {
        return { state: { ...state, algorithm: asked.state }, none: asked.none };
      }
      return {
        state: { ...begin(state, proposal), algorithm: asked.state, again },
        proposal: { ...ofOwn(proposal), proposedAfter: state.told },
      };
    },

    tryAgain(state, index) {
      const wanted = state.failed.find(([failed]) => failed === index);
      if (wanted === undefined)
        throw new UnexpectedResultError(index, 'a failed trial to try again', 'none of this index');
      const failed = state.failed.filter((each) => each !== wanted);
      return { ...state, failed, again: [...state.again, wanted], told: state.told + 1 };
    },

    promote(state, index) {
      const { state: after, plan } = scheduler.promote(state.scheduler, index);
      const outstanding = moved(state, index, { plan, paused: false, heard: true });
      return { ...state, scheduler: after, outstanding, told: state.told + 1 };
    },
  };
}

function hearing({ algorithm, scheduler, objectives }: Parts): Pick<Engine, 'pause' | 'tell'> {
  const hear = (state: EngineState, heard: Heard, ended: boolean) => {
    const known = checkResult(state, heard, objectives);
    return {
      ...state,
      algorithm: known.heard ? state.algorithm : algorithm.tell(state.algorithm, heard),
      scheduler: scheduler.report(state.scheduler, { ...heard, ended }),
      told: state.told + 1,
    };
  };
  return {
    pause(state, heard) {
      const { plan } = checkResult(state, heard, objectives);
      const outstanding = moved(state, heard.index, { plan, paused: true, heard: true });
      return { ...hear(state, heard, false), outstanding };
    },

    tell: (state, heard) => ({
      ...hear(state, heard, true),
      outstanding: state.outstanding.filter(([index]) => index !== heard.index),
      failed: withFailed(state.failed, heard),
    }),
  };
}

const withFailed = (
  failed: EngineState['failed'],
  { index, genotype, outcome }: Heard,
): EngineState['failed'] =>
  outcome.kind === 'failed' && !isSupernetText(genotype) ? [...failed, [index, genotype]] : failed;

const moved = ({ outstanding }: EngineState, index: number, to: Progressing): Outstanding[] =>
  outstanding.map((each) => (each[0] === index ? [index, each[1], to] : each));

/** Gives how far the trial had come. */
function checkResult(state: EngineState, result: Result, count: number): Progressing {
  const { index, genotype, outcome } = result;
  const [, proposed, known] = state.outstanding.find(([waiting]) => waiting === index) ?? [];
  if (known === undefined || proposed === undefined) {
    throw new UnexpectedResultError(
      index,
      'an outstanding proposal',
      'one never made or told before',
    );
  }
  if (proposed !== genotype) throw new UnexpectedResultError(index, proposed, genotype);
  if (outcome.kind === 'failed') return known;
  const { violation = 1 } = outcome;
  if (!(violation > 0 && Number.isFinite(violation)))
    throw new UnexpectedResultError(index, 'a finite violation above 0', String(violation));
  if (outcome.kind === 'infeasible') return known;
  const values = outcome.objectives;
  if (values.length !== count || !values.every(Number.isFinite)) {
    const got = `[${values.join(', ')}]`;
    throw new UnexpectedResultError(index, `${count} finite objectives`, got);
  }
  return known;
}
