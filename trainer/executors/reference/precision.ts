// What an operation gives in low precision: computed in float64, then rounded once, to nearest, ties to even, as hardware does that adds
// up in more than it stores.
import type { LowPrecision, Value } from '../../program/index.ts';
import type { NdArray } from './array.ts';

interface Format {
  /** Of the significand, the leading one included. */
  readonly bits: number;
  /** Of the smallest normal number. */
  readonly leastExponent: number;
  /** What is larger after rounding is infinite. */
  readonly largest: number;
}

const FORMATS: Readonly<Record<LowPrecision, Format>> = {
  bfloat16: { bits: 8, leastExponent: -126, largest: (2 - 2 ** -7) * 2 ** 127 },
  float16: { bits: 11, leastExponent: -14, largest: 65504 },
};

const isLow = (dtype: Value['dtype']): dtype is LowPrecision => dtype in FORMATS;

/** The array as the value holds it. */
export function inPrecisionOf({ dtype }: Value, array: NdArray): NdArray {
  if (!isLow(dtype)) return array;
  const format = FORMATS[dtype];
  return { ...array, dtype, data: array.data.map((x) => rounded(x, format)) };
}

/** Adding and taking away this leaves a whole number, ties to even, of numbers below 2^51. */
const WHOLE = 1.5 * 2 ** 52;

function rounded(x: number, { bits, leastExponent, largest }: Format): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const exponent = Math.max(exponentOf(x), leastExponent);
  const quantum = 2 ** (exponent - bits + 1);
  const nearest = (x / quantum + WHOLE - WHOLE) * quantum;
  return Math.abs(nearest) > largest ? Math.sign(x) * Number.POSITIVE_INFINITY : nearest;
}

const word = new DataView(new ArrayBuffer(8));

/** floor(log2 |x|) of a normal float64 */
function exponentOf(x: number): number {
  word.setFloat64(0, x);
  return ((word.getUint16(0) >> 4) & 2047) - 1023;
}
