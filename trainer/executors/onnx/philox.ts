// Philox4x32-10 (Salmon et al. 2011) in 32-bit arithmetic, with the words laid out as TensorFlow lays them: see
// reference/philox.ts, which says how, in numbers without limits, and is what this is compared with.
import type { Shape } from '../../program/index.ts';
import { sizeOf } from '../../program/index.ts';

const [M0, M1] = [0xd2511f53, 0xcd9e8d57] as const;
/** Weyl constants: the golden ratio and sqrt(3) - 1 */
const [W0, W1] = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;
const MANTISSA = 0x7fffff;
const WORD = 2 ** 32;

/** Upper word of the product of two words, by halves. */
function upper(a: number, b: number): number {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle % 0x10000) + aLow * bHigh;
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}

interface Drawn {
  readonly shape: Shape;
  readonly stream: number;
  /** two words */
  readonly key: ArrayLike<number>;
}

/** Floats in [0, 1), each a multiple of 2^-23. */
export function drawUniform({ shape, stream, key }: Drawn): Float32Array {
  const numbers = new Float32Array(sizeOf(shape));
  const [low, high] = [(stream % WORD) | 0, Math.floor(stream / WORD) | 0];
  const [key0, key1] = [Number(key[0]) | 0, Number(key[1]) | 0];
  const words = new Int32Array(4);
  for (let start = 0, block = 0; start < numbers.length; start += 4, block++) {
    words.set([block, 0, low, high]);
    rounds(words, key0, key1);
    for (let i = 0; i < 4; i++) numbers[start + i] = ((words[i] ?? 0) & MANTISSA) / (MANTISSA + 1);
  }
  return numbers;
}

function rounds(words: Int32Array, key0: number, key1: number): void {
  let [c0, c1, c2, c3] = words as unknown as [number, number, number, number];
  let [k0, k1] = [key0, key1];
  for (let i = 0; i < ROUNDS; i++) {
    const [first, second] = [upper(M0, c0 >>> 0), upper(M1, c2 >>> 0)];
    const [low0, low2] = [Math.imul(M0, c0), Math.imul(M1, c2)];
    [c0, c1, c2, c3] = [second ^ c1 ^ k0, low2, first ^ c3 ^ k1, low0];
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  words.set([c0, c1, c2, c3]);
}
