// The operator Conv, and what must be done around it on WebGPU.
import { type Shape, sizeOf } from '../../../program/index.ts';
import type { Site } from './lowering.ts';

interface Convolved {
  /** [N,C,H,W] */
  readonly x: string;
  /** [O,C/G,kh,kw] */
  readonly w: string;
  /** of x */
  readonly channels: number;
  readonly attributes: Readonly<
    Record<'kernel_shape' | 'strides' | 'dilations' | 'pads', Shape>
  > & {
    readonly group: number;
  };
  /** Rows and columns of the result that lie behind the picture altogether. */
  readonly behind: readonly [number, number];
}

const zerosBehind = (
  site: Site,
  x: string,
  more: readonly [channels: number, h: number, w: number],
) => site.node('Pad', [x, site.ints([0, 0, 0, 0, 0, ...more])]);

/**
 * A convolution. WebGPU's is wrong for some numbers of channels that 4 does not divide (onnxruntime#29651): there they are filled up
 * with zeros; and it forgets padding of a pointwise one that stands behind the picture only: what comes out there is zero.
 */
export function convolved(site: Site, { x, w, channels, attributes, behind }: Convolved): string {
  if (site.provider === 'cpu') return site.node('Conv', [x, w], attributes);
  const more = attributes.group === 1 && channels > 3 ? -channels & 3 : 0;
  const inputs = more === 0 ? [x, w] : [x, w].map((each) => zerosBehind(site, each, [more, 0, 0]));
  const { kernel_shape, pads } = attributes;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const isForgotten = sizeOf(kernel_shape) === 1 && top + left === 0 && bottom + right > 0;
  if (!isForgotten) return site.node('Conv', inputs, attributes);
  const inside = site.node('Conv', inputs, { ...attributes, pads: [0, 0, 0, 0] });
  return zerosBehind(site, inside, [0, ...behind]);
}
