// Lines of RGB bytes across and down, each pixel a weighted sum.

/** Weights are whole numbers of 2^-22, as Pillow has them. */
const BITS: i32 = 22;
const HALF: i32 = 1 << (BITS - 1);

/** Four bytes as four numbers. */
@inline
function fourAt(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** Four numbers from 0 to 255 as four bytes. */
@inline
function bytesOf(four: v128): u32 {
  const words = i16x8.narrow_i32x4_s(four, four);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * Rows of RGB resized to `count` pixels each. Taps of a pixel: its first source pixel, how many there are, and their weights, in `tapBytes`
 * all together. Reads a byte, and writes one, behind the last pixel.
 */
export function resizeRows(
  from: usize,
  fromStride: u32,
  rows: u32,
  taps: usize,
  tapBytes: u32,
  count: u32,
  into: usize,
  intoStride: u32,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    const line = from + row * fromStride;
    let out = into + row * intoStride;
    let tap = taps;
    for (let i: u32 = 0; i < count; i++) {
      let pixel = line + 3 * load<u32>(tap);
      const end = pixel + 3 * load<u32>(tap, 4);
      let weight = tap + 8;
      let sum = i32x4.splat(HALF);
      while (pixel < end) {
        sum = i32x4.add(sum, i32x4.mul(fourAt(pixel), v128.load32_splat(weight)));
        pixel += 3;
        weight += 4;
      }
      store<u32>(out, bytesOf(i32x4.shr_s(sum, BITS)));
      out += 3;
      tap += tapBytes;
    }
  }
}

/** The same downwards, `bytes` in a row, 16 at a time: up to 15 more are read and written behind the last. */
export function resizeColumns(
  from: usize,
  stride: u32,
  taps: usize,
  tapBytes: u32,
  count: u32,
  bytes: u32,
  into: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const first = from + load<u32>(taps) * stride;
    const lines = load<u32>(taps, 4);
    for (let x: u32 = 0; x < bytes; x += 16) {
      let a = i32x4.splat(HALF);
      let b = a;
      let c = a;
      let d = a;
      let at = first + x;
      for (let k: u32 = 0; k < lines; k++) {
        const weight = v128.load32_splat(taps + 8 + 4 * k);
        const pixels = v128.load(at);
        const low = i16x8.extend_low_i8x16_u(pixels);
        const high = i16x8.extend_high_i8x16_u(pixels);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), weight));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), weight));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), weight));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), weight));
        at += stride;
      }
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(a, BITS), i32x4.shr_s(b, BITS));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(c, BITS), i32x4.shr_s(d, BITS));
      v128.store(into + x, i8x16.narrow_i16x8_u(low, high));
    }
    into += bytes;
    taps += tapBytes;
  }
}
