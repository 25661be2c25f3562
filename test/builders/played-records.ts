// What a ledger holds of a search that was played, not trained.
import { BioNASSearch } from '../../crds/index.ts';
import type { TrialRecord } from '../../operator/reconcilers/index.ts';
import { makeSearchManifest } from './manifest.ts';
import { inTurn, play } from './search.ts';
import { makeRecord } from './search-result.ts';

/** The records of `count` trials, one after the other; `spec` adds to the search's. */
export function makePlayedRecords(
  count: number,
  spec: Record<string, unknown> = {},
): TrialRecord[] {
  const parsed = BioNASSearch.parse(makeSearchManifest(spec)).spec;
  const { proposals, results } = play(parsed, inTurn(count));
  return results.map(({ index, outcome }) => {
    const { genotype, proposedAfter } = proposals[index]!;
    const objectives = outcome.kind === 'scored' ? [...outcome.objectives] : undefined;
    const name = `night-${index}`;
    return makeRecord(index % 10, {
      index,
      name,
      trial: `uid-${index}`,
      genotype,
      proposedAfter,
      objectives,
    });
  });
}
