// The interface of a data set the trainer knows. Members: fashion-mnist.ts, mnist.ts, cifar10.ts, cifar100.ts, imagenet16-120.ts, imagenet.ts.
import type { DatasetName } from '../../../crds/index.ts';
import type { PictureSize } from '../augmentation.ts';
import type { ChannelStatistics, DatasetPart } from '../dataset.ts';
import { type ByteSource, FormatError } from '../formats/index.ts';
import type { Checksum, DatasetSource } from '../sources/index.ts';
import type { Store } from '../stores/index.ts';

/** A file, or a folder of files, as the data set's authors named it. */
export interface StandardFile {
  readonly name: string;
  /** Size of the official file, unpacked, in bytes; known where no checksum of the content is. */
  readonly bytes?: number;
  /** A folder, of which nothing but that it is there is checked. */
  readonly isFolder?: boolean;
  /** The file may also lie there as `name.gz`. */
  readonly packable: boolean;
  /** Of the official content; for a packed file, of what it unpacks to. */
  readonly content?: Checksum;
  /** Of the official `.gz`, as served. */
  readonly packed?: Checksum;
  /** A directory that a user names may lack it, as a sample with fewer training batches does. */
  readonly optional?: boolean;
}

/** Pictures of the official parts. */
export interface PartCounts {
  readonly train: number;
  readonly test: number;
}

/** What the reader of a data set with fixed classes is told of it. */
export interface NamedClasses {
  readonly name: DatasetName;
  /** In the order of the labels. */
  readonly classes: readonly string[];
}

/** A file that is there, with or without `.gz`. */
export interface FoundFile {
  /** For messages. */
  readonly path: string;
  /** Its bytes, unpacked. */
  open(signal?: AbortSignal): Promise<ByteSource>;
}

/** By standard name. */
export type FoundFiles = ReadonlyMap<string, FoundFile>;

/** One that has to be there. */
export function fileIn(files: FoundFiles, name: string): FoundFile {
  const file = files.get(name);
  if (file === undefined) throw new FormatError(name, { expected: 'this file', got: 'none' });
  return file;
}

export interface ReadOptions {
  /** Of a part of a data set of folders; default: all. */
  readonly classes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CatalogEntry {
  readonly name: DatasetName;
  /** How many classes it has. */
  readonly classes: number;
  readonly statistics: ChannelStatistics;
  /** Of a picture, as networks see it. */
  readonly size: PictureSize;
  readonly counts: PartCounts;
  /** All the files of the official data set, training files first, in the order of their pictures. */
  readonly files: readonly StandardFile[];
  /** Tried in this order. */
  readonly sources: readonly DatasetSource[];
  /** Names of the classes, in the order of the labels, where they are fixed. */
  readonly classNames?: readonly string[];
  /** Reads the files found; optional ones may be absent. Throws FormatError. */
  read?(files: FoundFiles, options: ReadOptions): Promise<DatasetParts>;
  /** Of photographs, which stay there: looks for them itself. Throws FormatError, FolderError or StoreError. */
  readPlace?(store: Store, place: string, options: ReadOptions): Promise<DatasetParts>;
}

export interface DatasetParts {
  readonly train: DatasetPart;
  readonly test: DatasetPart;
}
