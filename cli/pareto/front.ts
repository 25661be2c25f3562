// The Pareto front of a search: trials that none beats in every objective. Pure.
import type { BioNASSearchSpec } from '../../crds/index.ts';
import { paretoSet } from '../../operator/search/index.ts';
import type { Listing } from '../output/index.ts';
import type { ResultTrial } from '../result/index.ts';
import {
  MORE,
  NETWORK,
  objectiveColumns,
  PARAMETERS,
  scoredTrials,
  TRIAL,
  trialObjectName,
} from '../trials/index.ts';

type Aims = Pick<BioNASSearchSpec, 'objectives'>;

/** Best in the first objective first; what is outside of the constraints is not on it. The whole of it, where the status shows 20. */
export function front(trials: readonly ResultTrial[], { objectives }: Aims): ResultTrial[] {
  const feasible = scoredTrials(trials).filter(({ violation }) => violation === undefined);
  return paretoSet(feasible, objectives, Number.POSITIVE_INFINITY).map(({ trial }) => trial);
}

export function frontListing(members: readonly ResultTrial[], spec: Aims): Listing<ResultTrial> {
  const hasSize = spec.objectives.some(({ metric }) => metric === 'parameters');
  return {
    rows: members,
    columns: [TRIAL, ...objectiveColumns(spec), ...(hasSize ? [] : [PARAMETERS]), ...MORE, NETWORK],
    name: trialObjectName,
    object: (trial) => trial,
  };
}
