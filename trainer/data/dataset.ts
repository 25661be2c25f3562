// What a data set is once it is open: uint8 pictures or the names of their files, labels, class names, and the statistics that
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
  /** Where the class folders lie. */
  readonly directory: string;
  /** UTF-8 */
  readonly bytes: Uint8Array;
  /** Where each name ends in `bytes`. */
  readonly ends: Int32Array;
}

/** Pictures that stay on disk, of any size, each in the folder of its class; height, width and channels are those they are brought to. */
export interface PictureFiles extends LabelledPictures {
  /** N names. */
  readonly files: FileNames;
}

/** One part (training or test) of a data set. */
export type DatasetPart = PictureSet | PictureFiles;

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
