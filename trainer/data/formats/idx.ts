// The IDX format of MNIST and Fashion-MNIST (http://yann.lecun.com/exdb/mnist/): magic 0x0000TTDD (type, dimensions),
// one big-endian uint32 a dimension, then the values, row-major. Pictures are uint8 N x H x W, labels uint8 N.
import { sharedBytes, sharedLabels } from '../dataset.ts';
import { ByteReader, type ByteSource } from './byte-stream.ts';
import { FormatError } from './format-error.ts';

const UINT8 = 0x08;
const LARGEST_SIDE = 4096;
const LABEL_CHUNK = 65_536;

export interface IdxPictures {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count x height x width (x 1 channel), in shared memory */
  readonly pictures: Uint8Array;
}

/** Reads an idx3-ubyte file of at most `most` bytes of pictures. Memory: the pictures and one chunk. Throws FormatError. */
export async function readIdxPictures(source: ByteSource, most: number): Promise<IdxPictures> {
  return reading(source, async (reader) => {
    const [count, height, width] = (await readDimensions(source, reader, 3)) as Triple;
    for (const side of [height, width]) {
      if (side < 1 || side > LARGEST_SIDE) {
        throw new FormatError(source.path, {
          expected: `pictures with sides from 1 to ${LARGEST_SIDE}`,
          got: `${height} x ${width}`,
        });
      }
    }
    checkPromise(source, count * height * width, most);
    const pictures = sharedBytes(count * height * width);
    await reader.fill(pictures, `${count} pictures of ${height} x ${width}`);
    return { count, height, width, pictures };
  });
}

/** Reads an idx1-ubyte file of at most `most` labels below `classes`. Throws FormatError. */
export async function readIdxLabels(
  source: ByteSource,
  { classes, most }: { readonly classes: number; readonly most: number },
): Promise<Int32Array> {
  return reading(source, async (reader) => {
    const [count] = (await readDimensions(source, reader, 1)) as [number];
    checkPromise(source, count, most);
    const labels = sharedLabels(count);
    const chunk = new Uint8Array(Math.min(count, LABEL_CHUNK));
    for (let start = 0; start < count; start += chunk.length) {
      const piece = chunk.subarray(0, Math.min(chunk.length, count - start));
      await reader.fill(piece, `${count} labels`);
      checkLabels(source, { labels: piece, start, classes });
      labels.set(piece, start);
    }
    return labels;
  });
}

type Triple = [number, number, number];

/** Runs `read`, checks that it consumed everything, closes the source in any case. */
async function reading<T>(source: ByteSource, read: (reader: ByteReader) => Promise<T>) {
  const reader = new ByteReader(source);
  try {
    const result = await read(reader);
    await reader.expectEnd();
    return result;
  } finally {
    await reader.close();
  }
}

async function readDimensions(source: ByteSource, reader: ByteReader, dimensions: number) {
  const header = new Uint8Array(4 + 4 * dimensions);
  await reader.fill(header.subarray(0, 4), 'the magic number');
  const view = new DataView(header.buffer);
  const magic = view.getUint32(0);
  const wanted = (UINT8 << 8) | dimensions;
  if (magic !== wanted) {
    throw new FormatError(source.path, {
      expected: `magic number ${hex(wanted)} (uint8, ${dimensions} dimensions)`,
      got: hex(magic),
    });
  }
  await reader.fill(header.subarray(4), 'the sizes');
  const sizes = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d));
  if (sizes[0] === 0) throw new FormatError(source.path, { expected: 'entries', got: 'none' });
  return sizes;
}

/**
 * A header may not make us allocate more than its file can hold, nor a small packed file fill the memory: what is read is no more
 * than the data set has.
 */
function checkPromise(source: ByteSource, bytes: number, most: number): void {
  if (bytes > most) {
    const expected = `at most ${most} bytes, as many as the whole data set has`;
    throw new FormatError(source.path, { expected, got: `a header that promises ${bytes}` });
  }
  if (bytes <= source.maximumBytes) return;
  throw new FormatError(source.path, {
    expected: `a file that can hold the ${bytes} bytes its header promises`,
    got: `one that holds at most ${source.maximumBytes}`,
  });
}

function checkLabels(
  source: ByteSource,
  part: { readonly labels: Uint8Array; readonly start: number; readonly classes: number },
): void {
  const bad = part.labels.findIndex((label) => label >= part.classes);
  if (bad < 0) return;
  throw new FormatError(source.path, {
    expected: `labels from 0 to ${part.classes - 1}`,
    got: `${part.labels[bad]} at entry ${part.start + bad}`,
  });
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
