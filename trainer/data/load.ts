// From a data set's name to its pictures: small ones in memory, photographs where they lie. Fetching is a command of its own.
import type { Dataset } from '../../crds/index.ts';
import { readArrays } from './arrays.ts';
import {
  CATALOG,
  type CatalogEntry,
  type DatasetParts,
  NothingFoundError,
  type StandardFile,
} from './catalog/index.ts';
import type { LoadedDataset } from './dataset.ts';
import { datasetDirectory, displayName } from './directory.ts';
import { listFiles } from './standard-files.ts';
import {
  openStore,
  type Store,
  StoreError,
  type StoreSettings,
  storeSettings,
} from './stores/index.ts';

/** Files of a data set are not where they were looked for. The message says how to get them. */
export class DatasetMissingError extends Error {
  override readonly name = 'DatasetMissingError';
}

export interface LoadOptions {
  /** Directory of all cached data sets. */
  readonly cacheDir: string;
  /** Default: nothing is known of S3 but its public buckets. */
  readonly stores?: StoreSettings | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads both parts into shared memory, of photographs where they lie. `path` replaces the cache, and may hold fewer training batches
 * (a sample). Throws DatasetMissingError, FormatError, FolderError or StoreError.
 */
export async function loadDataset(
  dataset: Pick<Dataset, 'name' | 'path' | 'classes'>,
  { cacheDir, stores = storeSettings({}), signal }: LoadOptions,
): Promise<LoadedDataset> {
  const entry = CATALOG[dataset.name];
  const place = dataset.path ?? datasetDirectory(cacheDir, entry.name);
  const at = { store: openStore(place, stores), place };
  const parts = await readParts(entry, dataset, { ...at, signal });
  return { name: entry.name, statistics: entry.statistics, ...parts };
}

interface Where {
  readonly store: Store;
  readonly place: string;
  readonly signal: AbortSignal | undefined;
}

type Wanted = Pick<Dataset, 'name' | 'path' | 'classes'>;

async function readParts(
  entry: CatalogEntry,
  dataset: Wanted,
  where: Where,
): Promise<DatasetParts> {
  const { store, place, signal } = where;
  const options = { classes: dataset.classes, signal };
  if (entry.readPlace === undefined) return readFiles(entry, dataset, where);
  try {
    return await entry.readPlace(store, place, options);
  } catch (cause) {
    const isNothing = cause instanceof StoreError && cause.fault === 'missing';
    if (!isNothing && !(cause instanceof NothingFoundError)) throw cause;
    const reason = isNothing ? ` (${cause.message})` : '';
    throw new DatasetMissingError(missingMessage(dataset, place, entry.files) + reason, { cause });
  }
}

async function readFiles(
  entry: CatalogEntry,
  dataset: Wanted,
  where: Where,
): Promise<DatasetParts> {
  const { store, place, signal } = where;
  const { found, missing } = await listFiles(store, entry.files, signal);
  const isSample = dataset.path !== undefined;
  const wanted = isSample ? missing.filter((file) => isNeeded(file, entry, found)) : missing;
  if (wanted.length === 0 && entry.read) return entry.read(found, { signal });
  const arrays = found.size === 0 ? await readArrays(entry, store, signal) : undefined;
  if (arrays !== undefined) return arrays;
  throw new DatasetMissingError(missingMessage(dataset, place, wanted));
}

/** A training batch may be absent at the end of the row, not in its middle. */
function isNeeded(
  file: StandardFile,
  entry: { readonly files: readonly StandardFile[] },
  found: ReadonlyMap<string, unknown>,
): boolean {
  if (!file.optional) return true;
  const later = entry.files.slice(entry.files.indexOf(file) + 1);
  return later.some((other) => other.optional && found.has(other.name));
}

function missingMessage(
  { name, path }: Pick<Dataset, 'name' | 'path'>,
  directory: string,
  missing: readonly StandardFile[],
): string {
  const lack = `${name}: ${directory} lacks ${missing.map(displayName).join(', ')}.`;
  const fetch = `fetch the data set with \`bionas data fetch ${name}\``;
  if (path === undefined) return `${lack} To get it, ${fetch}.`;
  return `${lack} Put the files there, or leave out \`path\` and ${fetch}.`;
}
