// Where a data set's files lie on disk, and what messages call them.
import { join } from 'node:path';
import type { DatasetName } from '../../crds/index.ts';
import type { StandardFile } from './catalog/index.ts';

/** `<cacheDir>/<name>`; cacheDir is `${XDG_CACHE_HOME:-~/.cache}/bionas/datasets` by the composition root's choice. */
export function datasetDirectory(cacheDir: string, name: DatasetName): string {
  return join(cacheDir, name);
}

/** A name for messages, such as `train-labels-idx1-ubyte[.gz]`. */
export function displayName(file: StandardFile): string {
  if (file.isFolder) return `the folder ${file.name}`;
  return file.packable ? `${file.name}[.gz]` : file.name;
}
