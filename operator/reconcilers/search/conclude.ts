// The last stage of a search: the best networks are trained anew, and when all have ended the search has.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import type { Reason } from '../../search/index.ts';
import type { SearchMemory } from './memory.ts';
import type { Standing } from './status.ts';
import { finalTrial } from './trial-object.ts';

export interface Conclusion {
  readonly standing: Standing;
  /** Final trials that must exist; those that do already are among them. */
  readonly wanted: readonly Trial[];
}

/** What a search does that starts no more search trials and waits for none. `why` is what ended the proposing. */
export function conclude(
  search: Live<BioNASSearch>,
  memory: SearchMemory,
  why: Reason,
): Conclusion {
  if (why.reason === 'TooManyFailures')
    return { standing: { phase: 'Failed', ...why }, wanted: [] };
  const { topK } = search.spec.final;
  const { best, final, finalEnded } = memory.tally;
  if (best.length === 0) {
    const message = `${why.message}, and no trial has a score`;
    return { standing: { phase: 'Failed', reason: 'TooManyFailures', message }, wanted: [] };
  }
  const wanted = best
    .slice(0, topK)
    .map((chosen, rank) => finalTrial(search, chosen, { rank, index: memory.proposed + rank }));
  if (finalEnded < wanted.length) {
    const message = `${why.message}; ${finalEnded} of ${wanted.length} final networks are trained`;
    return { standing: { phase: 'Finalizing', reason: 'Finalizing', message }, wanted };
  }
  if (wanted.length > 0 && final.length === 0) {
    const message = 'no final network could be trained';
    return { standing: { phase: 'Failed', reason: 'FinalFailed', message }, wanted: [] };
  }
  return { standing: { phase: 'Completed', ...why }, wanted: [] };
}
