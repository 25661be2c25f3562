// What a JPEG's markers say of it (ITU-T T.81, annex B), without decoding.
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Huffman-coded with 8 bits a sample, in one pass or several: what photographs are. */
  readonly isCommon: boolean;
}

/** Undefined where there is no frame. */
export function jpegFrame(file: Uint8Array): JpegFrame | undefined {
  const byte = (at: number) => file[at] ?? 0;
  const word = (at: number) => byte(at) * 256 + byte(at + 1);
  if (word(0) !== 0xffd8) return undefined;
  for (let at = 2; byte(at) === 0xff; ) {
    const marker = byte(at + 1);
    if (isFrame(marker))
      return {
        height: word(at + 5),
        width: word(at + 7),
        components: byte(at + 9),
        isCommon: marker <= 0xc2 && byte(at + 4) === 8,
      };
    if (marker === 0xda) break;
    // Any number of 0xff may stand before a marker.
    at += marker === 0xff ? 1 : 2 + word(at + 2);
  }
  return undefined;
}

/** Start of frame: 0xc4, 0xc8 and 0xcc mean other things. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Whether it ends as it should: what was cut off does not. */
export const hasJpegEnd = (file: Uint8Array): boolean =>
  file.at(-2) === 0xff && file.at(-1) === 0xd9;
