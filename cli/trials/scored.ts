// Trials that can be ranked: those of the search that have a score.
import type { Scored } from '../../operator/search/index.ts';
import type { ResultTrial } from '../result/index.ts';

export interface ScoredTrial extends Scored {
  readonly trial: ResultTrial;
}

/** Diverged ones are not among them: their score is the worst there is. */
export const scoredTrials = (trials: readonly ResultTrial[]): ScoredTrial[] =>
  trials.flatMap((trial) => {
    const { purpose, state, index, objectives, violation } = trial;
    if (purpose !== 'Search' || objectives === undefined) return [];
    if (state !== 'Trained' && state !== 'Infeasible') return [];
    return [{ trial, index, objectives, ...(violation === undefined ? {} : { violation }) }];
  });
