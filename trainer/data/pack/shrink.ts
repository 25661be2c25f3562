// A photograph made small: its shorter side to so many pixels, RGB, as JPEG. What is small already stays as it is, byte for byte.
import type { Metadata, Sharp } from 'sharp';
import { openPictures } from '../decode.ts';
import type { Encoded } from '../picture-reader.ts';

export interface ShrinkOptions {
  /** Of the shorter side, in pixels. */
  readonly side: number;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

export interface Shrunk {
  readonly bytes: Uint8Array;
  readonly kind: 'colour' | 'grey' | 'cmyk';
}

/** Throws PictureError for what is no whole picture: every one is decoded to its end. */
export async function openShrinker({
  side,
  quality,
}: ShrinkOptions): Promise<(file: Encoded) => Promise<Shrunk>> {
  const withPicture = await openPictures();
  return (file) =>
    withPicture(file, async (picture) => {
      const metadata = await picture.metadata();
      const kind = kindOf(metadata);
      const isDone = metadata.format === 'jpeg' && kind === 'colour';
      if (isDone && Math.min(metadata.width, metadata.height) <= side) {
        await picture.stats();
        return { bytes: file.bytes, kind };
      }
      return { bytes: await shrunk(picture, { side, quality }), kind };
    });
}

async function shrunk(picture: Sharp, { side, quality }: ShrinkOptions): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await picture
    .resize({
      width: side,
      height: side,
      fit: 'outside',
      kernel: 'linear',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .flatten({ background: '#000000' })
    .jpeg({ quality })
    .toBuffer();
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function kindOf({ space, channels }: Metadata): Shrunk['kind'] {
  if (space === 'cmyk') return 'cmyk';
  return space === 'b-w' || space === 'grey16' || channels < 3 ? 'grey' : 'colour';
}
