// Writes into a search which failed trials are wanted again. The wishes are one list, and others may write theirs meanwhile.
import type { BioNASSearch } from '../../crds/index.ts';
import { ConflictError } from '../../operator/runtime/index.ts';
import type { FoundSearch } from '../place/index.ts';
import { knownTrials, missingNote } from '../trials/index.ts';
import { EditError } from './change.ts';
import { type RetryWish, retryOf } from './retry.ts';

/** How often others may write between our look at a search and our edit: its status once a second, on a cluster. */
const LOOKS = 10;

/** Gives what to tell. @throws EditError | NoSuchTrialError, and what the place refuses by */
export async function tryAgain(
  found: FoundSearch,
  wish: RetryWish,
  io: { err(line: string): void },
): Promise<string> {
  const known = await knownTrials(found);
  const note = missingNote(known);
  if (note !== undefined) io.err(note);
  for (let looks = 1; ; looks += 1) {
    // To read a history takes longer than others need to write.
    const now = await found.again();
    refuseOther(now, found);
    const { edit, message } = retryOf(now.search, known, wish);
    if (edit === undefined) return message;
    try {
      refuseUnstored(await now.edit(edit, { changed: true }));
      return message;
    } catch (error) {
      if (!(error instanceof ConflictError) || looks === LOOKS) throw error;
    }
  }
}

/** An API server drops what its definition does not know, without a word. @throws EditError */
function refuseUnstored({ metadata: { name }, spec }: BioNASSearch): void {
  if (spec.retry.trials !== undefined) return;
  throw new EditError(
    `${name}: expected spec.retry.trials to be stored, but the definitions on this cluster are older than that field and dropped it: nothing is tried again; upgrade bionas-crds first, then bionas (docs/upgrades.md)`,
  );
}

/** What is known of trials is of the search that was looked at first. @throws EditError */
function refuseOther({ search: { metadata } }: FoundSearch, { search }: FoundSearch): void {
  if (metadata.uid === search.metadata.uid) return;
  throw new EditError(
    `${metadata.name}: expected the search of UID ${search.metadata.uid}, found another of its name (${metadata.uid}): look at it first`,
  );
}
