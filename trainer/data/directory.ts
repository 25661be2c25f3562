// Where a data set's files lie on disk, and which of them are there.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetName } from '../../crds/index.ts';
import type { StandardFile } from './catalog/index.ts';

/** `<cacheDir>/<name>`; cacheDir is `${XDG_CACHE_HOME:-~/.cache}/bionas/datasets` by the composition root's choice. */
export function datasetDirectory(cacheDir: string, name: DatasetName): string {
  return join(cacheDir, name);
}

export interface DirectoryListing {
  /** Standard name -> path */
  readonly found: ReadonlyMap<string, string>;
  /** In the catalog's order. */
  readonly missing: readonly StandardFile[];
}

/** Looks for each file under its name, then, where it may be packed, under `name.gz`. */
export async function listDirectory(
  directory: string,
  files: readonly StandardFile[],
): Promise<DirectoryListing> {
  const found = new Map<string, string>();
  const missing: StandardFile[] = [];
  for (const file of files) {
    const names = file.packable ? [file.name, `${file.name}.gz`] : [file.name];
    const paths = names.map((name) => join(directory, name));
    const path = await firstPath(paths, file.isFolder === true);
    if (path === undefined) missing.push(file);
    else found.set(file.name, path);
  }
  return { found, missing };
}

/** A name for messages, such as `train-labels-idx1-ubyte[.gz]`. */
export function displayName(file: StandardFile): string {
  if (file.isFolder) return `the folder ${file.name}`;
  return file.packable ? `${file.name}[.gz]` : file.name;
}

async function firstPath(paths: readonly string[], isFolder: boolean) {
  for (const path of paths) {
    const isThere = await stat(path).then(
      (entry) => (isFolder ? entry.isDirectory() : entry.isFile()),
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
