// Random changes of brightness, contrast, saturation and hue of RGB pixels, by the laws of torchvision's ColorJitter on PIL's pictures:
// whole numbers after every step, the four in an order of chance.
import type { Random } from '../random.ts';

/** How far each may go: factors from 1 - x (0 at least) to 1 + x, the hue by x of a turn either way. 0 is off. */
export interface ColorJitter {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
}

type Kind = keyof ColorJitter;
const KINDS: readonly Kind[] = ['brightness', 'contrast', 'saturation', 'hue'];

/** What happens to one picture, one after the other. */
export type JitterSteps = readonly { readonly kind: Kind; readonly by: number }[];

/** Draws a picture's steps; those that are off draw nothing. */
export function drawJitter(random: Random, options: ColorJitter): JitterSteps {
  const order = random.split('order').shuffle(Int32Array.from(KINDS.keys()));
  return Array.from(order, (place) => KINDS[place] as Kind).flatMap((kind) => {
    const most = options[kind];
    if (most === 0) return [];
    const [from, to] = kind === 'hue' ? [-most, most] : [Math.max(0, 1 - most), 1 + most];
    return [{ kind, by: from + (to - from) * random.split(kind).uniform() }];
  });
}

/** Changes RGB pixels in place. */
export function jitter(rgb: Uint8Array, steps: JitterSteps): void {
  for (const { kind, by } of steps) CHANGES[kind](rgb, by);
}

const CHANGES: Readonly<Record<Kind, (rgb: Uint8Array, by: number) => void>> = {
  brightness: (rgb, by) => throughTable(rgb, (value) => by * value),
  contrast: (rgb, by) => {
    const mean = meanGrey(rgb);
    throughTable(rgb, (value) => mean + by * (value - mean));
  },
  saturation,
  hue,
};

/** Within 0 to 255, without its fraction, as PIL does. */
const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : value | 0);

function throughTable(rgb: Uint8Array, change: (value: number) => number): void {
  const table = Uint8Array.from({ length: 256 }, (_, value) => toByte(change(value)));
  for (let i = 0; i < rgb.length; i++) rgb[i] = table[rgb[i] as number] as number;
}

/** ITU-R 601-2 luma, as PIL rounds it. */
const luma = (r: number, g: number, b: number): number =>
  (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;

function meanGrey(rgb: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < rgb.length; i += 3)
    sum += luma(rgb[i] as number, rgb[i + 1] as number, rgb[i + 2] as number);
  return Math.floor(sum / (rgb.length / 3) + 0.5);
}

function saturation(rgb: Uint8Array, by: number): void {
  for (let i = 0; i < rgb.length; i += 3) {
    const r = rgb[i] as number;
    const g = rgb[i + 1] as number;
    const b = rgb[i + 2] as number;
    const grey = luma(r, g, b);
    rgb[i] = toByte(grey + by * (r - grey));
    rgb[i + 1] = toByte(grey + by * (g - grey));
    rgb[i + 2] = toByte(grey + by * (b - grey));
  }
}

/** Through HSV in bytes. */
function hue(rgb: Uint8Array, by: number): void {
  const shift = Math.trunc(by * 255);
  for (let i = 0; i < rgb.length; i += 3) {
    const r = rgb[i] as number;
    const g = rgb[i + 1] as number;
    const b = rgb[i + 2] as number;
    const v = Math.max(r, Math.max(g, b));
    const range = v - Math.min(r, Math.min(g, b));
    if (range === 0) continue;
    const s = Math.trunc(Math.fround(range / v) * 255);
    const turned = (hueOf(r, g, b, v) + shift) & 255;
    const to = s === 0 ? packed(v, v, v) : ofHue(turned, Math.fround(s / 255), v);
    rgb[i] = to >> 16;
    rgb[i + 1] = (to >> 8) & 255;
    rgb[i + 2] = to & 255;
  }
}

/** 0 to 255; in single precision where PIL computes so, as a hue at a border would else fall to its other side. */
function hueOf(r: number, g: number, b: number, v: number): number {
  const range = v - Math.min(r, g, b);
  const below = (value: number) => Math.fround((v - value) / range);
  const sixths = Math.fround(
    r === v ? below(b) - below(g) : g === v ? 2 + below(r) - below(b) : 4 + below(g) - below(r),
  );
  return Math.trunc(Math.fround((sixths / 6 + 1) % 1) * 255);
}

/** Three bytes in a number: nothing is allocated a pixel. */
const packed = (r: number, g: number, b: number): number => (r << 16) | (g << 8) | b;

/** h of 255 and v of 255, s of 1 */
function ofHue(h: number, s: number, v: number): number {
  const sixths = Math.fround((h * 6) / 255);
  const sector = Math.floor(sixths);
  const f = Math.fround(sixths - sector);
  const p = Math.round(v * (1 - s));
  const q = Math.round(v * (1 - s * f));
  const t = Math.round(v * (1 - s * (1 - f)));
  switch (sector % 6) {
    case 0:
      return packed(v, t, p);
    case 1:
      return packed(q, v, p);
    case 2:
      return packed(p, v, t);
    case 3:
      return packed(p, q, v);
    case 4:
      return packed(t, p, v);
    default:
      return packed(v, p, q);
  }
}
