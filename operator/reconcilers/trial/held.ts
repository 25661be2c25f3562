// Why a trial may have no Pod for now: its search is suspended, or allows fewer trials at once than there are. The youngest
// wait then; what they have trained is in their checkpoints.
import type { BioNASSearch, Trial } from '../../../crds/index.ts';
import type { Live } from '../../runtime/index.ts';
import { takesPlace } from './rungs.ts';
import { isHeld } from './status.ts';

/** `siblings`: all trials of the search, itself among them. */
export function holdOf(
  trial: Live<Trial>,
  search: BioNASSearch | undefined,
  siblings: readonly Live<Trial>[],
): string | undefined {
  if (search === undefined) return undefined;
  const { suspend, parallelism } = search.spec;
  if (suspend) return 'the search is suspended';
  const older = siblings.filter(
    (sibling) => sibling.spec.index < trial.spec.index && takesPlace(sibling),
  );
  return older.length < parallelism ? undefined : `parallelism is ${parallelism} now`;
}

/** Trials that may go on when one of their search has ended. */
export const heldAmong = (siblings: readonly Live<Trial>[]): Live<Trial>[] =>
  siblings.filter(({ status }) => isHeld(status));
