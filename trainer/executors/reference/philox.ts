// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") as TensorFlow fills a tensor with it:
// key words = (key[0], key[1]); 128-bit counter = stream * 2^64 + block, least significant word first;
// block b gives elements 4b .. 4b+3, each from the low 23 bits of one output word as the mantissa of a float in [1, 2).

const M0 = 0xd2511f53n;
const M1 = 0xcd9e8d57n;
/** Weyl constants: the golden ratio and sqrt(3) - 1 */
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;
const MANTISSA = 0x7fffff;

type Block = readonly [number, number, number, number];
type Key = readonly [number, number];

function multiply(multiplier: bigint, word: number): { high: number; low: number } {
  const product = multiplier * BigInt(word);
  return { high: Number(product >> 32n), low: Number(product & 0xffffffffn) };
}

function round([c0, c1, c2, c3]: Block, [k0, k1]: Key): Block {
  const first = multiply(M0, c0);
  const second = multiply(M1, c2);
  return [(second.high ^ c1 ^ k0) >>> 0, second.low, (first.high ^ c3 ^ k1) >>> 0, first.low];
}

export function philox(counter: Block, key: Key): Block {
  let block = counter;
  let [k0, k1] = key;
  for (let i = 0; i < ROUNDS; i++) {
    block = round(block, [k0, k1]);
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return block;
}

/** `count` floats in [0, 1), each a multiple of 2^-23. */
export function uniform(count: number, key: Key, stream: number): Float64Array {
  const numbers = new Float64Array(count);
  const words: Key = [key[0] >>> 0, key[1] >>> 0];
  for (let block = 0; block * 4 < count; block++) {
    const high = Math.floor(stream / 2 ** 32);
    const outputs = philox([block, 0, stream >>> 0, high], words);
    outputs.forEach((word, i) => {
      if (block * 4 + i < count) numbers[block * 4 + i] = (word & MANTISSA) / (MANTISSA + 1);
    });
  }
  return numbers;
}
