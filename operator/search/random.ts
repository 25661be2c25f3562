// The operator's randomness: xoshiro128++ (Blackman & Vigna 2019), seeded and split through SHA-256.
// Integer arithmetic only, so every platform draws the same numbers. Splitting by label gives each use a stream
// of its own (proposal 17, say) that no other use can shift.
import { createHash } from 'node:crypto';

/** Four uint32 words, not all zero: plain JSON. */
export type RandomState = readonly [number, number, number, number];

const TWO32 = 2 ** 32;

function digestState(text: string): RandomState {
  const digest = createHash('sha256').update(text).digest();
  return [0, 4, 8, 12].map((at) => digest.readUInt32BE(at)) as unknown as RandomState;
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

  /** Goes on from a stored state. Throws RangeError where the words are no state. */
  constructor(state: RandomState) {
    const words: readonly number[] = state;
    const legal = words.length === 4 && words.every((word) => word >>> 0 === word);
    if (!legal || words.every((word) => word === 0)) {
      throw new RangeError(
        `random state: expected four uint32 words, not all zero, got ${JSON.stringify(state)}`,
      );
    }
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** The state is the first 128 bits of SHA-256 of `seed <seed>`. */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`random seed: expected an integer from 0 to 2^53 - 1, got ${seed}`);
    }
    return new Random(digestState(`seed ${seed}`));
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** A generator that depends on this state and the label alone. */
  split(label: string): Random {
    return new Random(digestState(`split ${this.state.join(' ')} ${label}`));
  }

  /** A uint32. */
  next(): number {
    const result = (rotateLeft(this.#a + this.#d, 7) + this.#a) >>> 0;
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

  /** An integer in [0, bound), each equally often: draws of the incomplete last run are drawn again. */
  int(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO32) {
      throw new RangeError(`random bound: expected an integer from 1 to 2^32, got ${bound}`);
    }
    const complete = TWO32 - (TWO32 % bound);
    let draw = this.next();
    while (draw >= complete) draw = this.next();
    return draw % bound;
  }

  /** One of the items. Throws RangeError where there is none. */
  choice<Item>(items: readonly Item[]): Item {
    return items[this.int(items.length)] as Item;
  }

  /** The items in a random order (Fisher & Yates), in a new array. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const j = this.int(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as Item, shuffled[i] as Item];
    }
    return shuffled;
  }
}
