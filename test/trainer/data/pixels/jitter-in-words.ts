// The laws of color-jitter.ts pixel by pixel in TypeScript, to hold the compiled loops to.
import type { JitterSteps } from '../../../../trainer/data/color-jitter.ts';

type Kind = JitterSteps[number]['kind'];

/** Changes RGB pixels in place. */
export function jitterInWords(rgb: Uint8Array, steps: JitterSteps): void {
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
    const moved = (value: number) =>
      toByte(Math.fround(grey + Math.fround(Math.fround(by) * (value - grey))));
    rgb[i] = moved(r);
    rgb[i + 1] = moved(g);
    rgb[i + 2] = moved(b);
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
