// The last stage of a search: the best networks are trained anew, with their controls, and when all have ended the search has.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import type { Reason } from '../../search/index.ts';
import { finalStage } from './final-stage.ts';
import type { SearchMemory } from './memory.ts';
import type { Standing } from './status.ts';
import type { Tally } from './tally.ts';

export interface Conclusion {
  readonly standing: Standing;
  /** Final trials that must exist and have not ended: the networks at once, others as spec.parallelism leaves room. */
  readonly wanted: readonly Trial[];
}

/** What ended the proposing, and, where the budget ended the final stage as well, that it did. */
export interface Why extends Reason {
  readonly cutShort?: boolean;
}

/** What a search does that starts no more search trials and waits for none. */
export function conclude(
  search: Live<BioNASSearch>,
  memory: SearchMemory,
  { cutShort = false, ...why }: Why,
): Conclusion {
  if (why.reason === 'TooManyFailures')
    return { standing: { phase: 'Failed', ...why }, wanted: [] };
  const { topK } = search.spec.final;
  const { best, final, finalEnded } = memory.tally;
  if (best.length === 0)
    return { standing: { phase: 'Failed', ...withoutNetworks(why, memory.tally) }, wanted: [] };
  const networks = different(best).slice(0, topK);
  const stage = finalStage(search, networks, memory.proposed);
  const open = stage.filter(({ metadata }) => !finalEnded.includes(metadata.name));
  if (open.length > 0 && !cutShort) {
    const ended = stage.length - open.length;
    const message = `${why.message}; ${ended} of ${stage.length} final trials have ended`;
    const wanted = open.filter(
      (trial, k) => k < search.spec.parallelism || stage.indexOf(trial) < networks.length,
    );
    return { standing: { phase: 'Finalizing', reason: 'Finalizing', message }, wanted };
  }
  if (stage.length > 0 && final.length === 0) {
    const message = `no final network could be trained${cutShort ? `: ${why.message}` : ''}`;
    return { standing: { phase: 'Failed', reason: 'FinalFailed', message }, wanted: [] };
  }
  return { standing: { phase: 'Completed', ...why }, wanted: [] };
}

function withoutNetworks({ message }: Reason, { infeasible, nearest }: Tally): Reason {
  if (nearest === undefined)
    return { reason: 'TooManyFailures', message: `${message}, and no trial has a score` };
  const { trial, violation } = nearest;
  const by = `${trial} is the nearest, ${Number(violation.toPrecision(3))} of the bounds outside`;
  return {
    reason: 'NoneFeasible',
    message: `${message}, and none is within spec.constraints: ${infeasible} outside, ${by}`,
  };
}

/** Two supernets may derive one network. */
const different = <T extends { readonly genotype: string }>(trials: readonly T[]): T[] =>
  trials.filter(({ genotype }, i) => trials.findIndex((each) => each.genotype === genotype) === i);
