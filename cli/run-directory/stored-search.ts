// A search as it lies in its directory, with the defaults of fields that are younger than it: as an API server reads it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BioNASSearch, objectSchema, Trial, withDefaults } from '../../crds/index.ts';
import { UnreadableObjectError } from '../../operator/adapters/local/index.ts';
import { SEARCHES, TRIALS } from '../../operator/reconcilers/index.ts';
import { markOf } from './file-mark.ts';

/** A directory that no search was run in. */
export class NoSearchError extends Error {
  override readonly name = 'NoSearchError';
  readonly exitCode = 2;
}

export const noSearchIn = (root: string): NoSearchError =>
  new NoSearchError(
    `${root}: expected the directory of a search, found none in it; bionas status lists those under runs/`,
  );

export const complete = <Search extends BioNASSearch>(search: Search): Search =>
  withDefaults(objectSchema('BioNASSearch'), search) as Search;

export interface StoredSearch {
  readonly search: BioNASSearch;
  readonly trials: readonly Trial[];
}

/**
 * What lies in the directory, read without taking it: a run may be writing there.
 * @throws NoSearchError | UnreadableObjectError
 */
export async function readStoredSearch(root: string): Promise<StoredSearch> {
  return { search: await readSearchIn(root), trials: await trialReader(root)() };
}

/** @throws NoSearchError | UnreadableObjectError */
export async function readSearchIn(root: string): Promise<BioNASSearch> {
  for (const file of await objectFiles(root, SEARCHES)) {
    const text = await textOf(file);
    if (text !== undefined)
      return readable(file, () => BioNASSearch.parse(complete(JSON.parse(text) as BioNASSearch)));
  }
  throw noSearchIn(root);
}

interface ReadTrial {
  readonly mark: string;
  readonly trial: Trial;
}

/** Reads the directory's Trials each time it is called; those whose files are as they were are not parsed again. */
export function trialReader(root: string): () => Promise<readonly Trial[]> {
  let known = new Map<string, ReadTrial>();
  return async () => {
    const files = await objectFiles(root, TRIALS);
    const read = await Promise.all(files.map((file) => readTrial(file, known.get(file))));
    const there = read.flatMap((each, i) => (each === undefined ? [] : [[files[i] ?? '', each]]));
    known = new Map(there as [string, ReadTrial][]);
    return [...known.values()].map(({ trial }) => trial);
  };
}

async function readTrial(file: string, known?: ReadTrial): Promise<ReadTrial | undefined> {
  const mark = await markOf(file);
  if (mark === undefined) return undefined;
  if (known?.mark === mark) return known;
  const text = await textOf(file);
  if (text === undefined) return undefined;
  return { mark, trial: readable(file, () => Trial.parse(JSON.parse(text))) };
}

/** @throws UnreadableObjectError */
function readable<Of>(file: string, read: () => Of): Of {
  try {
    return read();
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const got = issue ? `${issue.path.join('.')}: ${issue.message}` : (cause as Error).message;
    const where = `${file}: expected an object that this version of bionas reads`;
    throw new UnreadableObjectError(`${where}, got ${got}; mend or remove it`, { cause });
  }
}

/** One that is gone by now was deleted meanwhile. */
const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch(() => undefined);

async function objectFiles(root: string, { plural }: { plural: string }): Promise<string[]> {
  const [group] = SEARCHES.apiVersion.split('/');
  const folder = join(root, 'objects', `${plural}.${group}`);
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => join(folder, file));
}
