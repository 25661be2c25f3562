// What a data set is once it is open: uint8 pictures or where they lie, labels, class names, and the statistics that
// normalise. All that is long lies in shared memory, so that the thread that prepares batches reads it without a copy.
import type { DatasetName } from '../../crds/index.ts';

interface LabelledPictures {
  /** For messages, such as `cifar10 train`. */
  readonly name: string;
  /** N class indices, each in [0, classes.length). */
  readonly labels: Int32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: readonly string[];
}

/** Pictures in memory. */
export interface PictureSet extends LabelledPictures {
  /** N x height x width x channels (NHWC), 0 to 255. */
  readonly pictures: Uint8Array;
}

/** Names of files, one after the other, in memory that threads share. */
export interface FileNames {
  /** Where they lie in the store. */
  readonly directory: string;
  /** UTF-8 */
  readonly bytes: Uint8Array;
  /** Where each name ends in `bytes`. */
  readonly ends: Int32Array;
}

/** Runs of pictures that lie side by side in a file and are read at once: M of them, in the order of their pictures. */
export interface Blocks {
  /** M places in `files` */
  readonly file: Int32Array;
  /** M + 1 indices: pictures of block b are [first[b], first[b + 1]). */
  readonly first: Int32Array;
  /** M: where its bytes begin and end in the file */
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Where each picture's bytes lie in the file of its block. */
export interface Spans {
  /** N */
  readonly from: Float64Array;
  /** N */
  readonly length: Int32Array;
  /** N: CRC-32 of the bytes, where they are known; checked at each reading. */
  readonly sums?: Uint32Array;
}

/** Photographs that stay where they lie, of any size; height, width and channels are those they are brought to. */
export interface Photographs extends LabelledPictures {
  /** A directory, https://..., http://... or s3://... (stores/) */
  readonly place: string;
  /** How they lie there (photographs/). */
  readonly format: PhotographFormatName;
  /** Of each picture, or, where there are blocks, of the files with several in them. */
  readonly files: FileNames;
  readonly blocks?: Blocks;
  readonly spans?: Spans;
}

export const PHOTOGRAPH_FORMATS = ['image-folder', 'webdataset', 'parquet'] as const;
export type PhotographFormatName = (typeof PHOTOGRAPH_FORMATS)[number];

/** One part (training or test) of a data set. */
export type DatasetPart = PictureSet | Photographs;

/** Per channel, of the training part, in units where 255 is 1. The step program computes (x / 255 - mean) / std. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface LoadedDataset {
  readonly name: DatasetName;
  readonly train: DatasetPart;
  readonly test: DatasetPart;
  readonly statistics: ChannelStatistics;
}

/** Pictures of the set: N. */
export function pictureCount(set: DatasetPart): number {
  return set.labels.length;
}

/** Zeroed bytes that threads share. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** Zeroed labels that threads share. */
export function sharedLabels(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

/** Zeroed numbers that threads share. */
export function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

/** Zeroed checksums that threads share. */
export function sharedSums(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
}

/** The set itself when threads can share it already, else a copy that they can. */
export function sharePictures<S extends DatasetPart>(set: S): S {
  if (!('pictures' in set)) return set;
  const isShared = (array: ArrayBufferView) => array.buffer instanceof SharedArrayBuffer;
  if (isShared(set.pictures) && isShared(set.labels)) return set;
  const pictures = sharedBytes(set.pictures.length);
  pictures.set(set.pictures);
  const labels = sharedLabels(set.labels.length);
  labels.set(set.labels);
  return { ...set, pictures, labels };
}
