// A picture's file to pixels, by sharp (libvips): decoded, cut, resized by an area-aware bilinear filter, as RGB. Colour profiles and
// orientation tags are left aside, as published recipes do; grey and CMYK pictures become RGB.
import type { Sharp } from 'sharp';
import type { Rectangle, Size } from './picture-part.ts';
import type { Encoded } from './picture-reader.ts';

/** What of a picture is wanted: the whole resized, then a part of it, or a part resized. */
export type Cut = (picture: Size) => {
  readonly before?: Rectangle;
  readonly resized: Size;
  readonly after?: Rectangle;
};

/** A file that is no picture, or not a whole one. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly got: string;

  constructor(path: string, { got, cause }: { readonly got: string; readonly cause: unknown }) {
    super(
      `${path}: expected a whole JPEG, PNG or WebP picture, got "${got}". Put the whole picture there, or take the file away.`,
      { cause },
    );
    this.got = got;
  }
}

/** How files of the formats begin; libvips reads many others, some of them programs of a kind, and never sees these. */
const BEGINNINGS: readonly (readonly (number | undefined)[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, ...Buffer.from('PNG')],
  [...Buffer.from('RIFF'), ...Array<undefined>(4), ...Buffer.from('WEBP')],
];

/** Of a picture; the largest of ImageNet has some sixty million. A few kilobytes may promise thousands of millions. */
const MOST_PIXELS = 100_000_000;

/** Loads libvips, which only data sets of files need. */
export async function openDecoder(): Promise<(file: Encoded, cut: Cut) => Promise<Uint8Array>> {
  const withPicture = await openPictures();
  return (file, cut) => withPicture(file, (picture) => decoded(picture, cut));
}

/** Works on a picture of a file; what libvips refuses becomes a PictureError. */
type WithPicture = <T>(
  { path, bytes }: Encoded,
  work: (picture: Sharp) => Promise<T>,
) => Promise<T>;

export async function openPictures(): Promise<WithPicture> {
  const { default: sharp } = await import('sharp');
  // Several pictures at once use the cores; their pixels are never asked for twice.
  sharp.concurrency(1);
  sharp.cache(false);
  const options = { failOn: 'truncated', limitInputPixels: MOST_PIXELS, ignoreIcc: true } as const;
  return async ({ path, bytes }, work) => {
    try {
      checkBeginning(bytes);
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return await work(sharp(file, options));
    } catch (cause) {
      const got = cause instanceof Error ? cause.message : String(cause);
      throw new PictureError(path, { got, cause });
    }
  };
}

function checkBeginning(file: Uint8Array): void {
  const isOne = BEGINNINGS.some((bytes) =>
    bytes.every((byte, i) => byte === undefined || byte === file[i]),
  );
  if (!isOne) throw new Error('a file that begins like none of these');
}

/** height x width x 3 of what is wanted. */
async function decoded(picture: Sharp, cut: Cut): Promise<Uint8Array> {
  const { width, height } = await picture.metadata();
  const { before, resized, after } = cut({ width, height });
  if (before !== undefined) picture.extract(before);
  picture.resize({ ...resized, fit: 'fill', kernel: 'linear' });
  if (after !== undefined) picture.extract(after);
  const pixels = await picture.toColourspace('srgb').removeAlpha().raw().toBuffer();
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
