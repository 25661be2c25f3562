// A picture's file to pixels, by sharp (libvips): decoded, cut, resized by an area-aware bilinear filter, as RGB. Colour profiles and
// orientation tags are left aside, as published recipes do; grey and CMYK pictures become RGB.
import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import type { Rectangle, Size } from './picture-part.ts';

/** What of a picture is wanted: the whole resized, then a part of it, or a part resized. */
export type Cut = (picture: Size) => {
  readonly before?: Rectangle;
  readonly resized: Size;
  readonly after?: Rectangle;
};

/** A file that is no picture, or not a whole one. */
export class PictureError extends Error {
  override readonly name = 'PictureError';

  constructor(path: string, { got, cause }: { readonly got: string; readonly cause: unknown }) {
    super(
      `${path}: expected a whole JPEG, PNG or WebP picture, got "${got}". Put the whole picture there, or take the file away.`,
      { cause },
    );
  }
}

const FORMATS = ['jpeg', 'png', 'webp'];

/** Loads libvips, which only data sets of files need. */
export async function openDecoder(): Promise<(path: string, cut: Cut) => Promise<Uint8Array>> {
  const { default: sharp } = await import('sharp');
  // Several pictures at once use the cores; their pixels are never asked for twice.
  sharp.concurrency(1);
  sharp.cache(false);
  return async (path, cut) => {
    const file = await readFile(path);
    try {
      return await decoded(sharp(file, { failOn: 'truncated', ignoreIcc: true }), cut);
    } catch (cause) {
      const got = cause instanceof Error ? cause.message : String(cause);
      throw new PictureError(path, { got, cause });
    }
  };
}

/** height x width x 3 of what is wanted. */
async function decoded(picture: Sharp, cut: Cut): Promise<Uint8Array> {
  const { width, height, format } = await picture.metadata();
  if (!FORMATS.includes(format)) throw new Error(`a file of format ${format}`);
  const { before, resized, after } = cut({ width, height });
  if (before !== undefined) picture.extract(before);
  picture.resize({ ...resized, fit: 'fill', kernel: 'linear' });
  if (after !== undefined) picture.extract(after);
  const pixels = await picture.toColourspace('srgb').removeAlpha().raw().toBuffer();
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
