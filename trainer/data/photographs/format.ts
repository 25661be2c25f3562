// The interface of a way in which photographs lie in a store. Members: image-folder.ts, webdataset.ts, parquet.ts.
// The caller's thread indexes them; the preparing thread reads by that index.
import type { Photographs } from '../dataset.ts';
import type { Store } from '../stores/index.ts';

/** What lies in a store near its top: full names, sorted. */
export interface Survey {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export type PartName = 'train' | 'test';

/** What an index holds of a part, the size of its pictures aside. */
export type IndexedPhotographs = Pick<
  Photographs,
  'format' | 'files' | 'labels' | 'classes' | 'blocks' | 'spans'
>;

export interface PhotographFormat {
  /** What holds that part's pictures: names of files, or a folder; none where the place has no such files. */
  sourcesOf(survey: Survey, part: PartName): readonly string[];
  /** Reads names, headers and labels, no pictures. `expected`: classes, where they must be told. Throws FolderError, FormatError or StoreError. */
  index(
    store: Store,
    sources: readonly string[],
    options: IndexOptions,
  ): Promise<IndexedPhotographs>;
  /** Files of all pictures of a block in their order, or of picture `block` where the set has no blocks. */
  readBlock(set: Photographs, store: Store, block: number): Promise<readonly Uint8Array[]>;
}

export interface IndexOptions {
  readonly classes: number;
  readonly signal?: AbortSignal | undefined;
}
