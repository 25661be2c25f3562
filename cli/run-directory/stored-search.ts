// A search as it lies in its directory, with the defaults of fields that are younger than it: as an API server reads it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BioNASSearch, objectSchema, Trial, withDefaults } from '../../crds/index.ts';
import { SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';

/** A directory that no search was run in. */
export class NoSearchError extends Error {
  override readonly name = 'NoSearchError';
  readonly exitCode = 2;
}

export const complete = <Search extends BioNASSearch>(search: Search): Search =>
  withDefaults(objectSchema('BioNASSearch'), search) as Search;

export interface StoredSearch {
  readonly search: BioNASSearch;
  readonly trials: readonly Trial[];
}

/**
 * What lies in the directory, read without taking it: a run may be writing there.
 * @throws NoSearchError
 */
export async function readStoredSearch(root: string): Promise<StoredSearch> {
  const [found] = await objectsUnder(root, SEARCHES.plural);
  if (found === undefined)
    throw new NoSearchError(`${root}: expected the directory of a search, found none in it`);
  const search = BioNASSearch.parse(complete(found as BioNASSearch));
  const trials = await objectsUnder(root, TRIALS.plural);
  return { search, trials: trials.map((trial) => Trial.parse(trial)) };
}

async function objectsUnder(root: string, plural: string): Promise<unknown[]> {
  const [group] = SEARCHES.apiVersion.split('/');
  const folder = join(root, 'objects', `${plural}.${group}`);
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const texts = files
    .filter((file) => file.endsWith('.json'))
    .map((file) => readFile(join(folder, file), 'utf8').catch(() => undefined));
  // One that is gone by now was deleted meanwhile.
  return (await Promise.all(texts)).flatMap((text) => (text === undefined ? [] : JSON.parse(text)));
}
