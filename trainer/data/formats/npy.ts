// NumPy's arrays: .npy (magic, version, a header that is a Python dict, values in C order) and .npz, a zip of them. Bytes and whole numbers
// alone are read; pickled objects are refused. fflate unzips.
import { unzipSync } from 'fflate';
import { FormatError } from './format-error.ts';

export interface NpyArray {
  readonly shape: readonly number[];
  /** uint8 values as they are, integers of other widths as doubles, in C order */
  readonly values: Uint8Array | Float64Array;
}

const MAGIC = [0x93, ...Buffer.from('NUMPY')];
const HEADER =
  /^\{\s*'descr':\s*'([<>|=])([a-z])(\d)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/** Throws FormatError. Memory: the array. */
export function readNpy(path: string, bytes: Uint8Array): NpyArray {
  const refuse = (expected: string, got: string) => new FormatError(path, { expected, got });
  if (bytes.length < 12 || !MAGIC.every((byte, i) => bytes[i] === byte))
    throw refuse('a NumPy array (.npy)', 'a file that begins otherwise');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = bytes[6] === 1;
  const begin = isFirst ? 10 : 12;
  const length = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  const text = Buffer.from(bytes.subarray(begin, begin + length)).toString('latin1');
  const [, order, kind, width, fortran, sides] = HEADER.exec(text) ?? [];
  if (sides === undefined)
    throw refuse('the header of an array of numbers', `"${text.slice(0, 60).trim()}"`);
  if (fortran === 'True') throw refuse('an array in C order', 'one in Fortran order');
  const shape = sides.split(',').flatMap((side) => (side.trim() === '' ? [] : [Number(side)]));
  const count = shape.reduce((product, side) => product * side, 1);
  const data = bytes.subarray(begin + length);
  if (data.length !== count * Number(width))
    throw refuse(`${count} values of ${width} bytes`, `${data.length} bytes`);
  if (kind === 'u' && width === '1') return { shape, values: data };
  return {
    shape,
    values: integers(data, { kind: `${kind}${width}`, isLittle: order !== '>', refuse }),
  };
}

interface Integers {
  readonly kind: string;
  readonly isLittle: boolean;
  readonly refuse: (expected: string, got: string) => FormatError;
}

const READERS: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
};

function integers(data: Uint8Array, { kind, isLittle, refuse }: Integers): Float64Array {
  const read = READERS[kind];
  if (read === undefined) throw refuse('bytes or whole numbers', `values of type ${kind}`);
  const width = Number(kind.slice(1));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return new Float64Array(data.length / width).map((_, i) => read(view, i * width, isLittle));
}

/** The arrays of an .npz with these names, those that are there. `most`: bytes that they may unpack to, together. */
export function readNpz(
  path: string,
  bytes: Uint8Array,
  { names, most }: { readonly names: readonly string[]; readonly most: number },
): ReadonlyMap<string, NpyArray> {
  let promised = 0;
  const wanted = (file: { name: string; originalSize: number }) => {
    if (!names.includes(file.name.replace(/\.npy$/, ''))) return false;
    promised += file.originalSize;
    if (promised <= most) return true;
    throw new FormatError(path, {
      expected: `at most ${most} bytes of arrays`,
      got: `${promised}`,
    });
  };
  const files = unzipped(path, bytes, wanted);
  return new Map(
    Object.entries(files).map(([name, file]) => [
      name.replace(/\.npy$/, ''),
      readNpy(`${path}(${name})`, file),
    ]),
  );
}

type Filter = (file: { name: string; originalSize: number }) => boolean;

function unzipped(path: string, bytes: Uint8Array, filter: Filter): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const got = cause instanceof Error ? `"${cause.message}"` : String(cause);
    throw new FormatError(path, { expected: 'a whole .npz file', got, cause });
  }
}
