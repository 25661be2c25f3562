// Random changes of training pictures, on uint8 NHWC pixels: crop after zero padding, horizontal flip, cutout.
// The order and the laws are those of DARTS' CIFAR pipeline (RandomCrop, RandomHorizontalFlip, Cutout).
import type { Random } from '../random.ts';
import type { ColorJitter } from './color-jitter.ts';

export interface AugmentationOptions {
  /** Zero padding p of the random crop, in pixels: offsets are uniform in [-p, p]. 0 is off. */
  readonly crop: number;
  /** Mirror left-right with probability 1/2. */
  readonly flip: boolean;
  /** Smallest share of a picture of any size that is cut out and resized (picture-part.ts). 0, the default, is off. */
  readonly resizedCrop?: number;
  /** Of pictures in colour. Absent: off. */
  readonly colorJitter?: ColorJitter | undefined;
  /** Side s of the cutout square, in pixels. 0 is off. */
  readonly cutout: number;
}

export const NO_AUGMENTATION: AugmentationOptions = { crop: 0, flip: false, cutout: 0 };

/** What happens to one picture. */
export interface PictureChange {
  /** Row and column of the source at the result's top left corner, in [-p, p]. */
  readonly top: number;
  readonly left: number;
  readonly mirrored: boolean;
  /** Centre of the cutout square, in the result's coordinates. */
  readonly holeRow: number;
  readonly holeColumn: number;
}

export interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Draws a picture's change. Options that are off draw nothing. */
export function drawChange(
  random: Random,
  { height, width }: PictureSize,
  { crop, flip, cutout }: AugmentationOptions,
): PictureChange {
  return {
    top: crop > 0 ? random.int(2 * crop + 1) - crop : 0,
    left: crop > 0 ? random.int(2 * crop + 1) - crop : 0,
    mirrored: flip && random.int(2) === 1,
    holeRow: cutout > 0 ? random.int(height) : 0,
    holeColumn: cutout > 0 ? random.int(width) : 0,
  };
}

export interface Pixels {
  readonly data: Uint8Array;
  /** Index of the picture's first byte. */
  readonly at: number;
}

/** Copies a picture, moved and mirrored, into zeroed pixels. What moves in from outside stays 0. */
export function copyChanged(
  from: Pixels,
  into: Pixels,
  size: PictureSize,
  change: PictureChange,
): void {
  const { height, width, channels } = size;
  const { top, left } = change;
  // Rows and columns of the result that the source covers.
  const firstRow = Math.max(0, -top);
  const lastRow = Math.min(height, height - top);
  const first = Math.max(0, -left);
  const last = Math.min(width, width - left);
  if (last <= first) return;
  const rowBytes = width * channels;
  for (let row = firstRow; row < lastRow; row++) {
    const source = from.at + (row + top) * rowBytes + left * channels;
    const line = from.data.subarray(source + first * channels, source + last * channels);
    const target = into.at + row * rowBytes;
    if (change.mirrored) mirrorInto(into.data, target + (width - last) * channels, line, channels);
    else into.data.set(line, target + first * channels);
  }
}

/** Writes a line's pixels, of 1 to 3 channels, from its last to its first. */
function mirrorInto(into: Uint8Array, at: number, line: Uint8Array, channels: number): void {
  for (let from = line.length - channels, to = at; from >= 0; from -= channels, to += channels) {
    into[to] = line[from] as number;
    // An inner loop takes three times as long as all else.
    if (channels > 1) into[to + 1] = line[from + 1] as number;
    if (channels > 2) into[to + 2] = line[from + 2] as number;
  }
}

/**
 * Writes 0 into a mask (height x width, all 1) inside the square of side s around the hole's centre, clipped at the
 * borders. As in DARTS the centre is uniform over the picture and the square spans [centre - s/2, centre + s/2);
 * an odd side spans [centre - floor(s/2), centre + ceil(s/2)).
 */
export function cutHole(
  mask: Pixels,
  { height, width }: PictureSize,
  change: PictureChange,
  side: number,
): void {
  const before = Math.floor(side / 2);
  const top = Math.max(0, change.holeRow - before);
  const bottom = Math.min(height, change.holeRow - before + side);
  const left = Math.max(0, change.holeColumn - before);
  const right = Math.min(width, change.holeColumn - before + side);
  for (let row = top; row < bottom; row++) {
    mask.data.fill(0, mask.at + row * width + left, mask.at + row * width + right);
  }
}
