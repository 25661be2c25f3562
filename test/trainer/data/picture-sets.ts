// Builders of small picture sets whose every pixel says where it came from.
import { type DatasetPart, type PictureSet, sharePictures } from '../../../trainer/data/index.ts';

export interface SetShape {
  readonly count: number;
  readonly height?: number;
  readonly width?: number;
  readonly channels?: number;
}

/**
 * Pixels are 1 .. 255 in a row (never 0, which padding has), but the first of a picture is its index + 1, so that up
 * to 255 pictures differ. Labels are 0, 1, 2, ... modulo 10.
 */
export function makePictures({ count, height = 4, width = 5, channels = 3 }: SetShape): PictureSet {
  const bytes = height * width * channels;
  const pictures = new Uint8Array(count * bytes).map((_, i) => 1 + (i % 255));
  for (let i = 0; i < count; i++) pictures[i * bytes] = 1 + (i % 255);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return sharePictures({ name: 'made up', pictures, labels, height, width, channels, classes });
}

/** Pixels of the picture at `index`. */
export function pixelsOf(set: PictureSet, index: number): Uint8Array {
  const bytes = set.height * set.width * set.channels;
  return set.pictures.slice(index * bytes, (index + 1) * bytes);
}

/** Of a data set whose pictures are loaded. */
export function inMemory(part: DatasetPart): PictureSet {
  if ('pictures' in part) return part;
  throw new Error(`${part.name} stays on disk`);
}
