// The trial whose network is taken away: the one that is named, or the best one; and how large its network is.
import type { BioNASSearchSpec, NetworkShape } from '../../crds/index.ts';
import type { FoundSearch } from '../place/index.ts';
import type { ResultTrial } from '../result/index.ts';
import { knownTrials, namedTrial } from '../trials/index.ts';

/** A trial without a network. */
export class NoGenotypeError extends Error {
  override readonly name = 'NoGenotypeError';
  readonly exitCode = 2;
}

/** By name or index; without one the best final network, or the best one of the search where none is final yet. @throws NoGenotypeError */
export async function chosenTrial(
  found: FoundSearch,
  word: string | undefined,
): Promise<ResultTrial> {
  const { metadata } = found.search;
  return namedTrial(word ?? winnerOf(found), metadata.name, await knownTrials(found));
}

function winnerOf({ search, argument }: FoundSearch): string {
  const [winner] = [...(search.status?.final ?? []), ...(search.status?.best ?? [])];
  if (winner !== undefined) return winner.trial;
  throw new NoGenotypeError(
    `${argument}: expected a trial with a score, found none yet; bionas status tells how far it is`,
  );
}

/** Of its network: final ones may be larger than those of the search. */
export function shapeOf(
  { purpose }: Pick<ResultTrial, 'purpose'>,
  { searchSpace, final }: Pick<BioNASSearchSpec, 'searchSpace' | 'final'>,
): NetworkShape {
  const { network } = searchSpace;
  const { cells = searchSpace.cells, channels = searchSpace.channels } =
    purpose === 'Final' ? final.training : {};
  return {
    ...(cells === undefined ? {} : { cells }),
    channels,
    ...(network === undefined ? {} : { network }),
  };
}
