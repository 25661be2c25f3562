// What a data set is once it is in memory: uint8 pictures, labels, class names, and the statistics that normalise.
// Pictures and labels lie in shared memory, so that the thread that prepares batches reads them without a copy.
import type { DatasetName } from '../../crds/index.ts';

/** One part (training or test) of a data set. */
export interface PictureSet {
  /** For messages, such as `cifar10 train`. */
  readonly name: string;
  /** N x height x width x channels (NHWC), 0 to 255. */
  readonly pictures: Uint8Array;
  /** N class indices, each in [0, classes.length). */
  readonly labels: Int32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: readonly string[];
}

/** Per channel, of the training part, in units where 255 is 1. The step program computes (x / 255 - mean) / std. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface LoadedDataset {
  readonly name: DatasetName;
  readonly train: PictureSet;
  readonly test: PictureSet;
  readonly statistics: ChannelStatistics;
}

/** Pictures of the set: N. */
export function pictureCount(set: PictureSet): number {
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
export function sharePictures(set: PictureSet): PictureSet {
  const isShared = (array: ArrayBufferView) => array.buffer instanceof SharedArrayBuffer;
  if (isShared(set.pictures) && isShared(set.labels)) return set;
  const pictures = sharedBytes(set.pictures.length);
  pictures.set(set.pictures);
  const labels = sharedLabels(set.labels.length);
  labels.set(set.labels);
  return { ...set, pictures, labels };
}
