// Which part of a picture of any size becomes one of the data set's size: at random for training, the middle for evaluation.
import type { Random } from '../random.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the picture, in pixels. */
export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

const TRIES = 10;
const [NARROWEST, WIDEST] = [3 / 4, 4 / 3];

/**
 * A random part of at least `least` of the area, sides from 3:4 to 4:3 (Szegedy et al. 2015; the law is that of torchvision's
 * RandomResizedCrop: area uniform, log of the ratio of sides uniform, ten tries, else the middle).
 */
export function randomPart(random: Random, picture: Size, least: number): Rectangle {
  const { width: W, height: H } = picture;
  const draw = (from: number, to: number) => from + (to - from) * random.uniform();
  for (let i = 0; i < TRIES; i++) {
    const area = W * H * draw(least, 1);
    const ratio = Math.exp(draw(Math.log(NARROWEST), Math.log(WIDEST)));
    const width = Math.round(Math.sqrt(area * ratio));
    const height = Math.round(Math.sqrt(area / ratio));
    if (width < 1 || height < 1 || width > W || height > H) continue;
    const [left, top] = [random.int(W - width + 1), random.int(H - height + 1)];
    return { left, top, width, height };
  }
  const width = Math.min(W, Math.round(H * WIDEST));
  const height = Math.min(H, Math.round(W / NARROWEST));
  return middle(picture, { width, height });
}

/** Of the shorter side, by the data set's: 256 for 224. */
const MARGIN = 256 / 224;

/** What the whole picture is resized to, and the part of it that is kept: the shorter side to 8/7 of `size`, then the middle. */
export function evaluationPart(
  { width: W, height: H }: Size,
  size: Size,
): { readonly resized: Size; readonly part: Rectangle } {
  const shorter = Math.round(Math.min(size.width, size.height) * MARGIN);
  const resized =
    W < H
      ? { width: shorter, height: Math.max(shorter, Math.trunc((shorter * H) / W)) }
      : { width: Math.max(shorter, Math.trunc((shorter * W) / H)), height: shorter };
  return { resized, part: middle(resized, size) };
}

function middle(of: Size, { width, height }: Size): Rectangle {
  return {
    left: halfEven(of.width - width),
    top: halfEven(of.height - height),
    width,
    height,
  };
}

/** Half of a whole number, halves to the even side, as Python rounds. */
function halfEven(n: number): number {
  const half = Math.floor(n / 2);
  return n % 2 === 0 ? half : half + (half % 2);
}
