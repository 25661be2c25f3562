// What NumPy writes into pickles: an array is an empty one, then its state (version, shape, type, order, bytes); a number is its type
// and bytes.
import { type Making, type Names, STATE } from './machine.ts';

/** An array of numbers, in C order. Until its state has come, of none. */
export class NdArray {
  shape: readonly number[] = [0];
  /** Kind and bytes of an element as NumPy writes them, such as `u1` or `i8`. */
  type = 'u1';
  littleEndian = true;
  /** A view of the file's bytes. */
  bytes: Uint8Array = new Uint8Array(0);

  [STATE](state: unknown, making: Making): void {
    const [, shape, type, fortran, data] = isTuple(state, 5) ? state : [];
    if (!isShape(shape) || !(type instanceof NumberType) || fortran !== false)
      making.refuse('the state of an array of numbers in C order', 'another state');
    const bytes = bytesOf(data, making);
    const expected = shape.reduce((product, side) => product * side, type.bytes);
    if (bytes.length !== expected)
      making.refuse(`${expected} bytes for an array of ${shape.join(' x ')}`, `${bytes.length}`);
    this.shape = [...shape];
    this.type = type.name;
    this.littleEndian = type.littleEndian;
    this.bytes = bytes;
  }
}

/** `numpy.dtype` of integers and floats; its byte order is its state. */
class NumberType {
  readonly name: string;
  littleEndian = true;

  constructor(name: string) {
    this.name = name;
  }

  get bytes(): number {
    return Number(this.name.slice(1));
  }

  [STATE](state: unknown): void {
    this.littleEndian = !Array.isArray(state) || state[1] !== '>';
  }
}

const isTuple = (value: unknown, length: number): value is readonly unknown[] =>
  Array.isArray(value) && value.length === length;

/** As NumPy's own limit. */
const MOST_SIDES = 64;

const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length <= MOST_SIDES &&
  value.every((side) => Number.isSafeInteger(side) && side >= 0);

/** Bytes, or Python 2's text of them. */
function bytesOf(data: unknown, making: Making): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return typeof data === 'string'
    ? making.latin1(data)
    : making.refuse('the bytes of an array', 'another value');
}

function numberType([name]: readonly unknown[], { refuse }: Making): NumberType {
  if (typeof name !== 'string' || !/^[uif][1248]$/.test(name))
    return refuse(
      'an array of integers or floats',
      `one of type ${typeof name === 'string' ? name : 'unknown'}`,
    );
  return new NumberType(name);
}

/** Protocol 2 of Python 3 writes bytes as text that is to be encoded. */
const encode = ([text, encoding]: readonly unknown[], making: Making): unknown =>
  typeof text === 'string' && encoding === 'latin1'
    ? making.latin1(text)
    : making.refuse('bytes as latin1 text', 'another value');

/** A float64. */
function scalar([type, data]: readonly unknown[], making: Making): number {
  if (!(type instanceof NumberType) || type.name !== 'f8')
    return making.refuse('a float64', 'a number of another type');
  const bytes = bytesOf(data, making);
  if (bytes.length !== type.bytes)
    making.refuse(`${type.bytes} bytes for a number`, `${bytes.length}`);
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, type.littleEndian);
}

const newArray = (): NdArray => new NdArray();

/** The names that arrays of numbers and single ones need, of NumPy 1 and 2. */
export const NUMPY: Names = new Map([
  ['numpy.core.multiarray._reconstruct', newArray],
  ['numpy._core.multiarray._reconstruct', newArray],
  ['numpy.ndarray', newArray],
  ['numpy.dtype', numberType],
  ['numpy.core.multiarray.scalar', scalar],
  ['numpy._core.multiarray.scalar', scalar],
  ['_codecs.encode', encode],
]);
