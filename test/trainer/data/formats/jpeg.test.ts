// What markers say of a JPEG: its frame, whatever stands before it, and its end.
import { expect, test } from 'vitest';
import { hasJpegEnd, jpegFrame } from '../../../../trainer/data/formats/index.ts';

const START = [0xff, 0xd8];
const COMMENT = [0xff, 0xfe, 0, 5, 1, 2, 3];
const TABLE = [0xff, 0xc4, 0, 4, 9, 9];
const SCAN = [0xff, 0xda, 0, 2];

/** 300 x 200 */
const frame = (marker: number, bits: number, components: number) => [
  ...[0xff, marker, 0, 8 + 3 * components, bits, 0, 200, 1, 44, components],
  ...Array<number>(3 * components).fill(1),
];

test.each<[string, readonly number[], number, boolean]>([
  ['in one pass', [...START, ...frame(0xc0, 8, 3), ...SCAN], 3, true],
  ['in several', [...START, ...COMMENT, ...TABLE, ...frame(0xc2, 8, 3)], 3, true],
  [
    'in grey, with bytes between',
    [...START, ...COMMENT, 0xff, 0xff, ...frame(0xc1, 8, 1)],
    1,
    true,
  ],
  ['in CMYK', [...START, ...frame(0xc0, 8, 4)], 4, true],
  ['of 12 bits', [...START, ...frame(0xc1, 12, 3)], 3, false],
  ['without loss', [...START, ...frame(0xc3, 8, 3)], 3, false],
  ['coded arithmetically', [...START, ...frame(0xc9, 8, 3)], 3, false],
])('a frame %s', (_, bytes, components, isCommon) => {
  const expected = { width: 300, height: 200, components, isCommon };
  expect(jpegFrame(Uint8Array.from(bytes))).toEqual(expected);
});

test.each([
  ['nothing', []],
  ['a start alone', START],
  ['other bytes', [0x89, 0x50, 0x4e, 0x47]],
  ['a scan before a frame', [...START, ...SCAN, ...frame(0xc0, 8, 3)]],
  ['bytes that are no marker', [...START, 7, ...frame(0xc0, 8, 3)]],
])('%s has none', (_, bytes) => {
  expect(jpegFrame(Uint8Array.from(bytes))).toBeUndefined();
});

test('a file ends as it should, or was cut off', () => {
  expect(hasJpegEnd(Uint8Array.of(1, 0xff, 0xd9))).toBe(true);
  expect(hasJpegEnd(Uint8Array.of(1, 0xff))).toBe(false);
  expect(hasJpegEnd(new Uint8Array())).toBe(false);
});
