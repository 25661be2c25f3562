// A picture's file to pixels: common JPEGs in colour decoded by @napi-rs/image, which takes half of sharp's time, and all others, and what
// it refuses, by sharp (libvips), which says what a whole picture is. Colour profiles and orientation tags are left aside, as published
// recipes do; grey and CMYK pictures become RGB.
import type { Transformer } from '@napi-rs/image';
import type { Sharp } from 'sharp';
import { hasJpegEnd, jpegFrame } from './formats/index.ts';
import type { Size } from './picture-part.ts';
import type { Encoded } from './picture-reader.ts';
import { type Cut, type Rgb, resize } from './pixels/index.ts';

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

/** Gives `use` height x width x 3 of what is wanted of a picture; they hold until it returns. Throws PictureError. */
type Decode = (
  file: Encoded,
  cutOf: (picture: Size) => Cut,
  use: (pixels: Uint8Array) => void,
) => Promise<void>;

/** Loads the decoders, which only data sets of files need. */
export async function openDecoder(): Promise<Decode> {
  const [withPicture, { Transformer }] = await Promise.all([
    openPictures(),
    import('@napi-rs/image'),
  ]);
  return async (file, cutOf, use) => {
    const common = await commonJpeg(file.bytes, (bytes) => new Transformer(bytes));
    const picture = common ?? (await withPicture(file, rgbOf));
    use(resize(picture, cutOf(picture)));
    // At once, as the collector would go through all objects for half a megabyte a picture.
    if (common !== undefined) giveBack(common.pixels);
  };
}

/** Undefined: it is none, or not a whole one. */
async function commonJpeg(
  file: Uint8Array,
  open: (file: Uint8Array) => Transformer,
): Promise<Rgb | undefined> {
  const frame = jpegFrame(file);
  if (frame?.isCommon !== true || frame.components !== 3 || !hasJpegEnd(file)) return undefined;
  const { width, height } = frame;
  if (width * height > MOST_PIXELS) return undefined;
  const pixels = await open(file)
    .rawPixels()
    .catch(() => undefined);
  return pixels?.length === width * height * 3 ? { width, height, pixels } : undefined;
}

function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

async function rgbOf(picture: Sharp): Promise<Rgb> {
  const { data, info } = await picture
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
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
      if (!isOfPicture(cause)) throw cause;
      throw new PictureError(path, { got: cause.message, cause });
    }
  };
}

/** libvips says what is wrong with a picture in plain Errors; a lack of memory, and mistakes of a program, are no fault of it. */
const isOfPicture = (cause: unknown): cause is Error =>
  cause instanceof Error && cause.name === 'Error' && !/memory|alloc/i.test(cause.message);

function checkBeginning(file: Uint8Array): void {
  const isOne = BEGINNINGS.some((bytes) =>
    bytes.every((byte, i) => byte === undefined || byte === file[i]),
  );
  if (!isOne) throw new Error('a file that begins like none of these');
}
