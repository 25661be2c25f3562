// Changes of colour, four pixels at a time, each step in the precision that PIL takes. `bytes` are whole pixels; up to 15 behind them are
// read, and up to 9 change.

/** Each byte by a table of 256. */
export function throughTable(at: usize, bytes: u32, table: usize): void {
  const end = at + bytes;
  for (; at < end; at++) store<u8>(at, load<u8>(table + load<u8>(at)));
}

@inline
function reds(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
}

@inline
function greens(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
}

@inline
function blues(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

/** Of numbers from 0 to 255. */
@inline
function storePixels(at: usize, r: v128, g: v128, b: v128): void {
  const words = v128.or(r, v128.or(i32x4.shl(g, 8), i32x4.shl(b, 16)));
  const bytes = i8x16.swizzle(words, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  v128.store64_lane(at, bytes, 0);
  v128.store32_lane(at + 8, bytes, 2);
}

/** ITU-R 601-2 luma, as PIL rounds it. */
@inline
function luma(r: v128, g: v128, b: v128): v128 {
  const red = i32x4.mul(r, i32x4.splat(19595));
  const green = i32x4.mul(g, i32x4.splat(38470));
  const blue = i32x4.mul(b, i32x4.splat(7471));
  const sum = i32x4.add(i32x4.add(red, green), i32x4.add(blue, i32x4.splat(0x8000)));
  return i32x4.shr_u(sum, 16);
}

/** What lies behind the pixels must be 0. */
export function lumaSum(at: usize, bytes: u32): f64 {
  let sum = f64x2.splat(0);
  const end = at + bytes;
  for (; at < end; at += 12) {
    const pixels = v128.load(at);
    const four = luma(reds(pixels), greens(pixels), blues(pixels));
    const two = i32x4.add(four, upper(four));
    sum = f64x2.add(sum, f64x2.convert_low_i32x4_s(two));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Away from grey, or towards it. */
export function saturate(at: usize, bytes: u32, by: f32): void {
  const end = at + bytes;
  for (; at < end; at += 12) {
    const pixels = v128.load(at);
    const r = reds(pixels);
    const g = greens(pixels);
    const b = blues(pixels);
    const grey = f32x4.convert_i32x4_s(luma(r, g, b));
    storePixels(at, moved(r, grey, by), moved(g, grey, by), moved(b, grey, by));
  }
}

@inline
function moved(values: v128, grey: v128, by: f32): v128 {
  const off = f32x4.sub(f32x4.convert_i32x4_s(values), grey);
  const to = f32x4.add(grey, f32x4.mul(f32x4.splat(by), off));
  return i32x4.trunc_sat_f32x4_s(f32x4.max(f32x4.splat(0), f32x4.min(f32x4.splat(255), to)));
}

/** Through HSV in bytes. */
export function turnHue(at: usize, bytes: u32, shift: i32): void {
  const end = at + bytes;
  for (; at < end; at += 12) {
    const pixels = v128.load(at);
    const r = reds(pixels);
    const g = greens(pixels);
    const b = blues(pixels);
    const v = i32x4.max_s(r, i32x4.max_s(g, b));
    const range = i32x4.sub(v, i32x4.min_s(r, i32x4.min_s(g, b)));
    const width = f32x4.convert_i32x4_s(range);
    const s = times255(f32x4.div(width, f32x4.convert_i32x4_s(v)));
    const turned = i32x4.add(hueOf(r, g, b, v, width), i32x4.splat(shift));
    const h = v128.and(turned, i32x4.splat(255));
    // h of 255 and v of 255, s and f of 1
    const sixths = single(sixthsOf(h), sixthsOf(upper(h)));
    const sector = f32x4.floor(sixths);
    const f = f32x4.sub(sixths, sector);
    const part = f32x4.div(f32x4.convert_i32x4_s(s), f32x4.splat(255));
    const one = f64x2.splat(1);
    const low = f64x2.promote_low_f32x4(f);
    const high = f64x2.promote_low_f32x4(upper(f));
    const p = lessened(v, part, one, one);
    const q = lessened(v, part, low, high);
    const t = lessened(v, part, f64x2.sub(one, low), f64x2.sub(one, high));
    const isGrey = i32x4.eq(range, i32x4.splat(0));
    storePixels(
      at,
      v128.bitselect(r, bySector(sector, v, q, p, p, t, v), isGrey),
      v128.bitselect(g, bySector(sector, t, v, v, q, p, p), isGrey),
      v128.bitselect(b, bySector(sector, p, p, t, v, v, q), isGrey),
    );
  }
}

/** From 0 to 255. */
@inline
function hueOf(r: v128, g: v128, b: v128, v: v128, width: v128): v128 {
  const toR = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(v, r)), width);
  const toG = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(v, g)), width);
  const toB = f32x4.div(f32x4.convert_i32x4_s(i32x4.sub(v, b)), width);
  const isR = i32x4.eq(r, v);
  const isG = i32x4.eq(g, v);
  const from = v128.bitselect(f32x4.splat(0), v128.bitselect(f32x4.splat(2), f32x4.splat(4), isG), isR);
  const plus = v128.bitselect(toB, v128.bitselect(toR, toG, isG), isR);
  const minus = v128.bitselect(toG, v128.bitselect(toB, toR, isG), isR);
  const sixths = single(sum(from, plus, minus), sum(upper(from), upper(plus), upper(minus)));
  return times255(single(turnsOf(sixths), turnsOf(upper(sixths))));
}

// Doubles, of the first two of four.
@inline
function sum(from: v128, plus: v128, minus: v128): v128 {
  const more = f64x2.add(f64x2.promote_low_f32x4(from), f64x2.promote_low_f32x4(plus));
  return f64x2.sub(more, f64x2.promote_low_f32x4(minus));
}

/** From 0 to 1. */
@inline
function turnsOf(sixths: v128): v128 {
  const one = f64x2.splat(1);
  const turns = f64x2.add(f64x2.div(f64x2.promote_low_f32x4(sixths), f64x2.splat(6)), one);
  return f64x2.sub(turns, v128.and(one, f64x2.ge(turns, one)));
}

@inline
function sixthsOf(h: v128): v128 {
  return f64x2.div(f64x2.convert_low_i32x4_s(i32x4.mul(h, i32x4.splat(6))), f64x2.splat(255));
}

/** v (1 - s x), to the nearest whole number. */
@inline
function lessened(v: v128, s: v128, low: v128, high: v128): v128 {
  return whole(twoLessened(v, s, low), twoLessened(upper(v), upper(s), high));
}

@inline
function twoLessened(v: v128, s: v128, x: v128): v128 {
  const less = f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.promote_low_f32x4(s), x));
  return f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(v), less), f64x2.splat(0.5));
}

/** Without their fractions. */
@inline
function times255(x: v128): v128 {
  const scale = f64x2.splat(255);
  return whole(
    f64x2.mul(f64x2.promote_low_f32x4(x), scale),
    f64x2.mul(f64x2.promote_low_f32x4(upper(x)), scale),
  );
}

/** The last two of four as the first two. */
@inline
function upper(four: v128): v128 {
  return v128.shuffle<i32>(four, four, 2, 3, 2, 3);
}

/** Two and two doubles as four singles. */
@inline
function single(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Two and two doubles as four whole numbers. */
@inline
function whole(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(low), i32x4.trunc_sat_f64x2_s_zero(high), 0, 1, 4, 5);
}

/** Sector 6 is 0. */
@inline
function bySector(sector: v128, zero: v128, one: v128, two: v128, three: v128, four: v128, five: v128): v128 {
  let value = v128.bitselect(one, zero, f32x4.eq(sector, f32x4.splat(1)));
  value = v128.bitselect(two, value, f32x4.eq(sector, f32x4.splat(2)));
  value = v128.bitselect(three, value, f32x4.eq(sector, f32x4.splat(3)));
  value = v128.bitselect(four, value, f32x4.eq(sector, f32x4.splat(4)));
  return v128.bitselect(five, value, f32x4.eq(sector, f32x4.splat(5)));
}
