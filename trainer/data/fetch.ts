// Brings a data set's official files into the cache: from the cache itself, else from the first source that works.
// Files arrive in a staging directory inside the cache, are checked there, and are moved by rename.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetName } from '../../crds/index.ts';
import { CATALOG, type CatalogEntry } from './catalog/index.ts';
import { datasetDirectory } from './directory.ts';
import {
  type CommandRunner,
  type DatasetSource,
  type FetchContext,
  type FetchPatience,
  type FetchProgress,
  runCommand,
  SourceError,
} from './sources/index.ts';
import { verifyDirectory, writeReceipt } from './verify.ts';

const PATIENCE: FetchPatience = { connect: 8_000, idle: 30_000, command: 600_000 };

export interface FetchOptions {
  /** Directory of all cached data sets; made when it is missing. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly patience?: Partial<FetchPatience>;
  /** Starts the package manager's commands. */
  readonly run?: CommandRunner;
}

export interface FetchedDataset {
  readonly name: DatasetName;
  readonly directory: string;
  /** The source's title; `cache` when nothing had to be fetched. */
  readonly source: string;
  /** In the catalog's order. */
  readonly paths: readonly string[];
}

export interface FetchAttempt {
  readonly source: string;
  readonly reason: string;
}

/** No source had the data set. The message lists each with its reason, and what to do by hand. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly attempts: readonly FetchAttempt[];

  constructor(
    entry: Pick<CatalogEntry, 'name' | 'sources'>,
    directory: string,
    tried: FailedFetch,
  ) {
    const attempts = tried.attempts.map(({ source, reason }) => `  - ${source}: ${reason}`);
    const ways = entry.sources.map((source) => `  - ${source.byHand(directory)}`);
    super(
      [
        `${entry.name} could not be fetched into ${directory}. Tried:`,
        ...attempts,
        "By hand, do one of these (or set the data set's `path` to a directory that has its files):",
        ...ways,
      ].join('\n'),
      { cause: tried.cause },
    );
    this.attempts = tried.attempts;
  }
}

interface FailedFetch {
  readonly attempts: readonly FetchAttempt[];
  readonly cause: unknown;
}

/** Fetches by name. Throws FetchError, or the signal's reason. */
export function fetchDataset(name: DatasetName, options: FetchOptions): Promise<FetchedDataset> {
  return fetchEntry(CATALOG[name], options);
}

/** As `fetchDataset`, for an entry that need not be in the catalog. */
export async function fetchEntry(
  entry: Pick<CatalogEntry, 'name' | 'files' | 'sources'>,
  options: FetchOptions,
): Promise<FetchedDataset> {
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const directory = datasetDirectory(options.cacheDir, entry.name);
  await mkdir(directory, { recursive: true });

  const cached = await verifyDirectory(directory, entry.files, signal);
  if (cached.ok) return { ...place(entry, directory, cached.found), source: 'cache' };

  const attempts: FetchAttempt[] = [{ source: `cache ${directory}`, reason: cached.reason }];
  let cause: unknown;
  for (const source of entry.sources) {
    options.onProgress?.({ kind: 'trying', source: source.title });
    try {
      const found = await fetchFrom(source, { entry, directory, signal, options });
      return { ...place(entry, directory, found), source: source.title };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SourceError)) throw error;
      cause = error;
      attempts.push({ source: source.title, reason: error.message });
      options.onProgress?.({ kind: 'failed', source: source.title, reason: error.message });
    }
  }
  throw new FetchError(entry, directory, { attempts, cause });
}

interface Destination {
  readonly entry: Pick<CatalogEntry, 'files'>;
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly options: FetchOptions;
}

/** One source: stage, check, move, record. Leaves no staging directory behind. */
async function fetchFrom(source: DatasetSource, to: Destination) {
  const { directory, signal } = to;
  const staging = await mkdtemp(join(directory, '.fetching-'));
  try {
    await source.obtain(contextOf(staging, to));
    const staged = await verifyDirectory(staging, to.entry.files, signal);
    if (!staged.ok)
      throw new SourceError(`sent files that are not the official ones: ${staged.reason}`);
    const paths = staged.found.values();
    const receipt = await writeReceipt(staging, { source: source.title, paths }, signal);
    const found = new Map<string, string>();
    for (const [name, path] of staged.found) {
      const target = join(directory, basename(path));
      // A plain file would hide the packed one that replaces it.
      await rm(join(directory, name), { force: true });
      await rename(path, target);
      found.set(name, target);
    }
    await rename(receipt, join(directory, basename(receipt)));
    return found;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function contextOf(staging: string, { directory, signal, options }: Destination): FetchContext {
  return {
    staging,
    cached: directory,
    signal,
    patience: { ...PATIENCE, ...options.patience },
    run: options.run ?? runCommand,
    onProgress: options.onProgress ?? (() => {}),
  };
}

function place(
  entry: Pick<CatalogEntry, 'name' | 'files'>,
  directory: string,
  found: ReadonlyMap<string, string>,
) {
  return {
    name: entry.name,
    directory,
    paths: entry.files.flatMap((f) => found.get(f.name) ?? []),
  };
}
