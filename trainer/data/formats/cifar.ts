// The binary CIFAR formats (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte (CIFAR-10) or two
// (CIFAR-100: coarse, fine) and 3,072 bytes, the red, green and blue planes of a 32 x 32 picture. Any record count loads.
import { sharedBytes, sharedLabels } from '../dataset.ts';
import { ByteReader, type ByteSource } from './byte-stream.ts';
import { FormatError } from './format-error.ts';
import { interleave } from './planes.ts';

export const CIFAR_SIDE = 32;
export const CIFAR_CHANNELS = 3;
const PLANE = CIFAR_SIDE * CIFAR_SIDE;
const PICTURE = PLANE * CIFAR_CHANNELS;

/** What differs between the two formats. */
export interface CifarLayout {
  /** Bytes before the pixels. */
  readonly labelBytes: number;
  /** Which of them is the label. */
  readonly labelAt: number;
  readonly classes: number;
  /** Records in all files together. */
  readonly most: number;
}

export interface CifarPictures {
  /** N x 32 x 32 x 3, in shared memory */
  readonly pictures: Uint8Array;
  readonly labels: Int32Array;
}

/** Reads the files one after the other into one set. Memory: the pictures and one chunk. Throws FormatError. */
export async function readCifar(
  sources: readonly ByteSource[],
  layout: CifarLayout,
): Promise<CifarPictures> {
  const counts = sources.map((source) => recordCount(source, layout));
  const total = counts.reduce((a, b) => a + b, 0);
  if (total > layout.most) {
    throw new FormatError(sources[0]?.path ?? '', {
      expected: `at most ${layout.most} pictures with the files beside it, as many as the whole data set has`,
      got: `${total}`,
    });
  }
  const set = { pictures: sharedBytes(total * PICTURE), labels: sharedLabels(total) };
  let first = 0;
  for (const [i, source] of sources.entries()) {
    const count = counts[i] ?? 0;
    await readRecords(source, layout, {
      pictures: set.pictures.subarray(first * PICTURE, (first + count) * PICTURE),
      labels: set.labels.subarray(first, first + count),
    });
    first += count;
  }
  return set;
}

function recordCount(source: ByteSource, layout: CifarLayout): number {
  const record = layout.labelBytes + PICTURE;
  if (source.maximumBytes === 0 || source.maximumBytes % record !== 0) {
    throw new FormatError(source.path, {
      expected: `one or more records of ${record} bytes`,
      got: `${source.maximumBytes} bytes`,
    });
  }
  return source.maximumBytes / record;
}

async function readRecords(source: ByteSource, layout: CifarLayout, target: CifarPictures) {
  const reader = new ByteReader(source);
  const record = new Uint8Array(layout.labelBytes + PICTURE);
  try {
    for (let n = 0; n < target.labels.length; n++) {
      await reader.fill(record, `record ${n}`);
      const label = record[layout.labelAt] as number;
      if (label >= layout.classes) {
        throw new FormatError(source.path, {
          expected: `labels from 0 to ${layout.classes - 1}`,
          got: `${label} in record ${n}`,
        });
      }
      target.labels[n] = label;
      interleave(
        record.subarray(layout.labelBytes),
        { data: target.pictures, at: n * PICTURE },
        PLANE,
      );
    }
    await reader.expectEnd();
  } finally {
    await reader.close();
  }
}
