// A search's state from a history that lost its order: the ledger went, and what Trials still say took its place. Proposals are
// facts then, whatever the engine would make of these results, and it goes on from them. With a whole history: replay.ts.
import { genotypeHash, parseGenotype } from '../../crds/index.ts';
import type { Result } from './algorithm.ts';
import { createEngine, type EngineProposal, type EngineSpec, type EngineState } from './engine.ts';
import { type History, HistoryMismatchError, type Replayed } from './replay.ts';
import { NONE_SEEN, withSeen } from './seen.ts';

/**
 * `results` are in the order in which the trials ended, which may not be the one in which the search was told. Gaps are
 * filled with new proposals. Throws HistoryMismatchError where a trial is there twice.
 */
export function takeOver(spec: EngineSpec, { trials, results }: History): Replayed {
  const engine = createEngine(spec);
  const lost: EngineProposal[] = [];
  let state: EngineState = knowing(engine.initial, trials);
  let waiting: readonly Result[] = results;
  const tellUpTo = (count: number) => {
    const early: Result[] = [];
    let next = 0;
    for (; next < waiting.length && state.told < count; next += 1) {
      const result = waiting[next] as Result;
      if (isOutstanding(state, result)) state = engine.tell(state, result);
      else early.push(result);
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
    state = {
      ...state,
      algorithm: { ...state.algorithm, proposed: trial.index + 1 },
      outstanding: [...state.outstanding, [trial.index, trial.genotype]],
    };
  }
  tellUpTo(Number.POSITIVE_INFINITY);
  return { state, lost };
}

/** Before the first proposal, but none of these will be made again. */
function knowing(state: EngineState, trials: History['trials']): EngineState {
  const seen = trials.reduce(
    (known, { genotype }) => withSeen(known, genotypeHash(parseGenotype(genotype))),
    NONE_SEEN,
  );
  return { ...state, algorithm: { ...state.algorithm, seen } };
}

const isOutstanding = ({ outstanding }: EngineState, { index }: Result): boolean =>
  outstanding.some(([waiting]) => waiting === index);
