// A part of a picture in another size: bilinear over the area that a pixel stands for, across and then down, rounded to bytes after each.
// The same arithmetic as Pillow's resize with BILINEAR (Imaging/Resample.c), and the same pixels.
import type { Rectangle, Size } from '../picture-part.ts';
import { loops, memoryOf } from './memory.ts';

/** height x width x 3 */
export interface Rgb extends Size {
  readonly pixels: Uint8Array;
}

/** What of a picture is wanted: of a part of it, or of all, resized, the whole or a part. */
export interface Cut {
  readonly before?: Rectangle;
  readonly resized: Size;
  readonly after?: Rectangle;
}

const ONE = 1 << 22;

interface Taps {
  /** Pixels [first, end) of a line are in use. */
  readonly first: number;
  readonly end: number;
  /** Of each wanted pixel: its first, from `first` on; how many there are; their weights. `bytes` in all. */
  readonly data: Int32Array;
  readonly bytes: number;
}

/** Which pixels of a line of `from`, made `to`, go into the `count` from `begin` on. */
function tapsOf(from: number, to: number, begin: number, count: number): Taps {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const width = 2 + 2 * Math.ceil(support) + 1;
  const data = new Int32Array(count * width);
  const centreOf = (i: number) => (begin + i + 0.5) * scale;
  const firstOf = (i: number) => Math.max(0, Math.trunc(centreOf(i) - support + 0.5));
  const endOf = (i: number) => Math.min(from, Math.trunc(centreOf(i) + support + 0.5));
  for (let i = 0; i < count; i++) {
    const [first, end] = [firstOf(i), endOf(i)];
    const weight = (k: number) => Math.max(0, 1 - Math.abs(k - centreOf(i) + 0.5) / support);
    let sum = 0;
    for (let k = first; k < end; k++) sum += weight(k);
    const at = i * width;
    data[at] = first - firstOf(0);
    data[at + 1] = end - first;
    for (let k = first; k < end; k++)
      data[at + 2 + k - first] = Math.trunc((weight(k) / sum) * ONE + 0.5);
  }
  return { first: firstOf(0), end: endOf(count - 1), data, bytes: 4 * width };
}

/** Bytes of source lines that lie in the memory at a time: few, so that they stay in the processor's cache. */
const STRIP = 2 ** 18;
/** Loops read and write so many bytes behind a line's end. */
const SLACK = 16;

/** height x width x 3 of the cut, in the loops' memory: holds until the next call. */
export function resize(picture: Rgb, { before, resized, after }: Cut): Uint8Array {
  const box = before ?? { left: 0, top: 0, width: picture.width, height: picture.height };
  const part = after ?? { left: 0, top: 0, ...resized };
  const across = tapsOf(box.width, resized.width, part.left, part.width);
  const down = tapsOf(box.height, resized.height, part.top, part.height);
  const stride = 3 * picture.width;
  const rowBytes = 3 * part.width;
  const rows = Math.max(1, Math.floor(STRIP / stride));
  const places = placesOf([
    across.data.byteLength,
    down.data.byteLength,
    rows * stride + SLACK,
    (down.end - down.first) * rowBytes + SLACK,
    part.height * rowBytes + SLACK,
  ]);
  const [acrossAt = 0, downAt = 0, strip = 0, narrow = 0, out = 0, end = 0] = places;
  const memory = memoryOf(end);
  memory.set(new Uint8Array(across.data.buffer), acrossAt);
  memory.set(new Uint8Array(down.data.buffer), downAt);
  for (let row = down.first; row < down.end; row += rows) {
    const count = Math.min(rows, down.end - row);
    const from = (box.top + row) * stride;
    memory.set(picture.pixels.subarray(from, from + count * stride), strip);
    const left = strip + 3 * (box.left + across.first);
    const into = narrow + (row - down.first) * rowBytes;
    loops.resizeRows(left, stride, count, acrossAt, across.bytes, part.width, into, rowBytes);
  }
  loops.resizeColumns(narrow, rowBytes, downAt, down.bytes, part.height, rowBytes, out);
  return memory.subarray(out, out + part.height * rowBytes);
}

/** Where parts of these lengths begin, one after the other, and where the last ends; all at multiples of 16. */
function placesOf(lengths: readonly number[]): number[] {
  const places = [0];
  for (const length of lengths) places.push(16 * Math.ceil(((places.at(-1) ?? 0) + length) / 16));
  return places;
}
