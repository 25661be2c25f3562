// Which of a data set's standard files a store has, and how they are read there.
import type { FoundFile, StandardFile } from './catalog/index.ts';
import { byteSource, FormatError } from './formats/index.ts';
import { chunksOf, type Store, StoreError } from './stores/index.ts';

export interface FilesListing {
  readonly found: ReadonlyMap<string, FoundFile>;
  /** In the catalog's order. */
  readonly missing: readonly StandardFile[];
}

/** Looks for each file under its name, then, where it may be packed, under `name.gz`. */
export async function listFiles(
  store: Store,
  files: readonly StandardFile[],
  signal?: AbortSignal,
): Promise<FilesListing> {
  const found = new Map<string, FoundFile>();
  const missing: StandardFile[] = [];
  for (const file of files) {
    const names = file.packable ? [file.name, `${file.name}.gz`] : [file.name];
    const there = await (file.isFolder
      ? folderAt(store, file.name, signal)
      : firstOf(store, names, signal));
    if (there === undefined) missing.push(file);
    else found.set(file.name, there);
  }
  return { found, missing };
}

async function firstOf(store: Store, names: readonly string[], signal?: AbortSignal) {
  for (const name of names) {
    const size = await store.size(name, signal);
    if (size === undefined) continue;
    const path = store.title + name;
    const open = async (stop?: AbortSignal) =>
      byteSource(path, size, chunksOf(store, name, size, stop));
    return { path, open };
  }
  return undefined;
}

async function folderAt(store: Store, name: string, signal?: AbortSignal) {
  const path = store.title + name;
  try {
    await store.list(name, signal);
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'missing') return undefined;
    throw error;
  }
  const open = async () => {
    throw new FormatError(path, { expected: 'a file', got: 'a folder' });
  };
  return { path, open };
}
