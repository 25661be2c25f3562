// The trainer's randomness: xoshiro128** (Blackman & Vigna 2018), seeded through SplitMix64 (Steele et al. 2014).
// Integer arithmetic only, so every platform draws the same numbers. Splitting by label gives each use
// (weights, order of pictures, augmentation of batch k) a stream of its own that no other use can shift.

/** Four uint32 words, not all zero: plain JSON, kept in checkpoints. */
export type RandomState = readonly [number, number, number, number];

const MASK64 = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;
const TWO32 = 2 ** 32;

/** The SplitMix64 output for a counter that already holds seed + k * golden ratio. */
function splitmixOutput(counter: bigint): bigint {
  let z = counter & MASK64;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK64;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK64;
  return z ^ (z >> 31n);
}

/** The first `count` outputs of SplitMix64 from `seed`, as uint64. */
export function splitmix64(seed: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, k) => splitmixOutput(seed + BigInt(k + 1) * GOLDEN));
}

function stateFrom(seed: bigint): RandomState {
  const [a = 0n, b = 0n] = splitmix64(seed, 2);
  const low = (x: bigint) => Number(x & 0xffffffffn);
  const high = (x: bigint) => Number(x >> 32n);
  return [low(a), high(a), low(b), high(b)];
}

function absorb(hash: bigint, word: bigint): bigint {
  return splitmixOutput((hash ^ word) + GOLDEN);
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** A seeded generator. Drawing moves it; `split` and `state` do not. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Goes on from a stored state. Throws RangeError when the words are no state. */
  constructor(state: RandomState) {
    const words: readonly number[] = state;
    const legal = words.length === 4 && words.every((w) => Number.isInteger(w) && w >>> 0 === w);
    if (!legal || words.every((w) => w === 0)) {
      throw new RangeError(
        `random state: expected four uint32 words, not all zero, got ${JSON.stringify(state)}`,
      );
    }
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** @param seed an integer from 0 to 2^53 - 1 */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`random seed: expected an integer from 0 to 2^53 - 1, got ${seed}`);
    }
    return new Random(stateFrom(BigInt(seed)));
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** A uint32. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    const c = this.#c ^ this.#a;
    const d = this.#d ^ this.#b;
    this.#b = (this.#b ^ c) >>> 0;
    this.#a = (this.#a ^ d) >>> 0;
    this.#c = (c ^ t) >>> 0;
    this.#d = rotateLeft(d, 11) >>> 0;
    return result;
  }

  /** A float64 in [0, 1) with 53 random bits (two draws). */
  uniform(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Standard normal (Box & Muller 1958; two uniform numbers). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer in [0, bound), each equally likely; 1 <= bound <= 2^32. */
  int(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO32) {
      throw new RangeError(`random int: expected a bound from 1 to 2^32, got ${bound}`);
    }
    const limit = TWO32 - (TWO32 % bound);
    let draw = this.next();
    while (draw >= limit) draw = this.next();
    return draw % bound;
  }

  /** Fisher-Yates in place. Returns the same array. */
  shuffle(array: Int32Array): Int32Array {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = array[i] as number;
      array[i] = array[j] as number;
      array[j] = held;
    }
    return array;
  }

  /**
   * A generator that depends on this one's present state and the label alone. The parent does not move:
   * the same label gives the same child until the parent is drawn from.
   */
  split(label: string): Random {
    let hash = 0n;
    for (const word of this.state) hash = absorb(hash, BigInt(word));
    for (let i = 0; i < label.length; i++) hash = absorb(hash, BigInt(label.charCodeAt(i)));
    return new Random(stateFrom(absorb(hash, BigInt(label.length))));
  }
}
