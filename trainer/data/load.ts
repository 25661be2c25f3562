// From a data set's name to its pictures in memory. Reads the disk only: fetching is a command of its own.
import type { Dataset } from '../../crds/index.ts';
import { CATALOG, type StandardFile } from './catalog/index.ts';
import type { LoadedDataset } from './dataset.ts';
import { datasetDirectory, displayName, listDirectory } from './directory.ts';

/** Files of a data set are not where they were looked for. The message says how to get them. */
export class DatasetMissingError extends Error {
  override readonly name = 'DatasetMissingError';
}

export interface LoadOptions {
  /** Directory of all cached data sets. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads both parts into shared memory, of data sets of folders the names of their files. `path` replaces the cache, and may hold fewer
 * training batches (a sample). Throws DatasetMissingError, FormatError or FolderError.
 */
export async function loadDataset(
  dataset: Pick<Dataset, 'name' | 'path' | 'classes'>,
  { cacheDir, signal }: LoadOptions,
): Promise<LoadedDataset> {
  const entry = CATALOG[dataset.name];
  const directory = dataset.path ?? datasetDirectory(cacheDir, entry.name);
  const { found, missing } = await listDirectory(directory, entry.files);
  const wanted =
    dataset.path === undefined ? missing : missing.filter((file) => isNeeded(file, entry, found));
  if (wanted.length > 0) {
    throw new DatasetMissingError(missingMessage(dataset, directory, wanted));
  }
  const parts = await entry.read(found, { classes: dataset.classes, signal });
  return { name: entry.name, statistics: entry.statistics, ...parts };
}

/** A training batch may be absent at the end of the row, not in its middle. */
function isNeeded(
  file: StandardFile,
  entry: { readonly files: readonly StandardFile[] },
  found: ReadonlyMap<string, string>,
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
