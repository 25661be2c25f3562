// A search's state from a history that lost its order: the ledger went, and what Trials still say took its place. Proposals are
// facts then, whatever the engine would make of these results, and it goes on from them. With a whole history: replay.ts.
import { textHash } from '../../crds/index.ts';
import {
  createEngine,
  type Engine,
  type EngineProposal,
  type EngineSpec,
  type EngineState,
} from './engine.ts';
import {
  type History,
  type HistoryEvent,
  HistoryMismatchError,
  lastOf,
  type Replayed,
  withEvent,
} from './replay.ts';
import { PromotionError } from './scheduling/index.ts';
import { withSeen } from './seen.ts';

/**
 * `results` are in the order in which the trials ended, which may not be the one in which the search was told. Gaps are
 * filled with new proposals. Throws HistoryMismatchError where a trial is there twice.
 */
export function takeOver(spec: EngineSpec, { trials, results }: History): Replayed {
  const engine = createEngine(spec);
  const lost: EngineProposal[] = [];
  let state: EngineState = knowing(engine.initial, trials);
  let waiting: readonly HistoryEvent[] = results;
  const tellUpTo = (count: number) => {
    const early: HistoryEvent[] = [];
    let next = 0;
    for (; next < waiting.length && state.told < count; next += 1) {
      const event = waiting[next] as HistoryEvent;
      if (isOutstanding(state, event)) state = taken(engine, state, event);
      else early.push(event);
    }
    waiting = [...early, ...waiting.slice(next)];
  };

  for (const trial of trials) {
    tellUpTo(trial.proposedAfter);
    while (state.algorithm.proposed < trial.index) {
      const { state: asked, proposal } = engine.ask(state);
      if (proposal === undefined) break;
      lost.push(proposal);
      state = asked;
    }
    if (trial.index < state.algorithm.proposed)
      throw new HistoryMismatchError(trial.index, 'one trial of this index', 'two');
    state = engine.begin(
      { ...state, algorithm: { ...state.algorithm, proposed: trial.index + 1 } },
      trial,
    );
  }
  tellUpTo(Number.POSITIVE_INFINITY);
  return { state: { ...state, failed: notTriedAgain(state, trials) }, lost };
}

/** Before the first proposal, but none of these will be made again. */
function knowing(state: EngineState, trials: History['trials']): EngineState {
  const seen = trials.reduce(
    (known, { genotype }) => withSeen(known, textHash(genotype)),
    state.algorithm.seen,
  );
  return { ...state, algorithm: { ...state.algorithm, seen } };
}

/** Those that failed and whose network no later trial has. */
function notTriedAgain({ failed }: EngineState, trials: History['trials']): EngineState['failed'] {
  const last = lastOf(trials);
  return failed.filter(([index, genotype]) => (last.get(genotype) ?? index) <= index);
}

/** A promotion from where the trial no longer seems to be is as if it had not been: it pauses again, further on. */
function taken(engine: Engine, state: EngineState, event: HistoryEvent): EngineState {
  // The trials say who was tried again.
  if (event.kind === 'again') return { ...state, told: state.told + 1 };
  try {
    return withEvent(engine, state, event);
  } catch (error) {
    if (error instanceof PromotionError) return { ...state, told: state.told + 1 };
    throw error;
  }
}

const isOutstanding = ({ outstanding }: EngineState, { index, kind }: HistoryEvent): boolean =>
  kind === 'again' || outstanding.some(([waiting]) => waiting === index);
