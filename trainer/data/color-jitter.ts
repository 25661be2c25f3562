// Random changes of brightness, contrast, saturation and hue of RGB pixels, by the laws of torchvision's ColorJitter on PIL's pictures:
// whole numbers after every step, the four in an order of chance.
import type { Random } from '../random.ts';
import { loops, memoryOf } from './pixels/index.ts';

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

/** A table of 256, then the pixels, then what loops may touch. */
const PIXELS = 256;
const SLACK = 16;

/** Changes RGB pixels in place. */
export function jitter(rgb: Uint8Array, steps: JitterSteps): void {
  const memory = memoryOf(PIXELS + rgb.length + SLACK);
  const end = PIXELS + rgb.length;
  memory.set(rgb, PIXELS);
  for (const { kind, by } of steps) CHANGES[kind](memory, rgb.length, by);
  rgb.set(memory.subarray(PIXELS, end));
}

const CHANGES: Readonly<Record<Kind, (memory: Uint8Array, bytes: number, by: number) => void>> = {
  brightness: (memory, bytes, by) => throughTable(memory, bytes, (value) => by * value),
  contrast: (memory, bytes, by) => {
    memory.fill(0, PIXELS + bytes, PIXELS + bytes + SLACK);
    const mean = Math.floor(loops.lumaSum(PIXELS, bytes) / (bytes / 3) + 0.5);
    throughTable(memory, bytes, (value) => mean + by * (value - mean));
  },
  saturation: (_, bytes, by) => loops.saturate(PIXELS, bytes, by),
  hue: (_, bytes, by) => loops.turnHue(PIXELS, bytes, Math.trunc(by * 255)),
};

/** Within 0 to 255, without its fraction, as PIL does. */
const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : value | 0);

function throughTable(memory: Uint8Array, bytes: number, change: (value: number) => number): void {
  for (let value = 0; value < 256; value++) memory[value] = toByte(change(value));
  loops.throughTable(PIXELS, bytes, 0);
}
