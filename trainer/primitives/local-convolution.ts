// A dense convolution whose weights learn by a local rule: from what stands at the layer alone, in training and nowhere else.
// No gradient of its weights exists, so the optimizer and weight decay leave them be; no signal goes back to its input but where
// the true gradient is asked for.
import {
  type ConvolutionGeometry,
  conv2d,
  conv2dInputGradient,
  type Graph,
  padded,
  type Value,
} from '../program/index.ts';
import type { ConvolutionBlock } from './convolution-block.ts';
import type { Layer, Place, Signal, Step } from './layer.ts';
import { type Fans, initialLaw } from './weights.ts';

/** What stands at the layer in a step. A patch is what one filter sees at one place; there are P = N H' W' of them. */
export interface LocalStep {
  readonly g: Graph;
  /** [N,H,W,Cin] */
  readonly x: Value;
  /** [k,k,Cin,Cout] */
  readonly W: Value;
  /** u = x * W [N,H',W',Cout] */
  readonly u: Value;
  readonly geometry: ConvolutionGeometry;
}

export interface LocalRule {
  /** Of U[-bound, bound), from which W is drawn. Default: as that of other weights. */
  readonly bound?: (fans: Fans) => number;
  /** W of the next step. */
  readonly next: (step: LocalStep) => Value;
}

/** [N,H,W,Cin] -> [N,H/stride,W/stride,filters]; the kernel's side is odd. */
export const localConvolution =
  ({ filters, kernel, stride = 1 }: ConvolutionBlock, { bound, next }: LocalRule): Layer =>
  (at, x) => {
    const { g } = at;
    const channels = x.value.shape[3] ?? 0;
    const geometry = { stride, dilation: 1, padding: padded((kernel - 1) / 2) };
    const fans = { in: channels * kernel ** 2, out: filters * kernel ** 2 };
    const variable = at.variables.declare(g, {
      name: 'weight',
      shape: [kernel, kernel, channels, filters],
      role: 'parameter',
      initializer: { kind: 'uniform', bound: bound?.(fans) ?? boundOf(at, fans) },
    });
    const W = g.read(variable);
    const u = conv2d(g, x.value, W, geometry);
    if (at.mode === 'train') {
      // Sums over all patches, and small changes of weights.
      const value = g.inFull(() => next({ g, x: x.value, W, u, geometry }));
      at.updates.push({ kind: 'assign', variable, value });
    }
    return sendingNothing(at, x, { W, u, geometry });
  };

/** u = x * W as a layer that sends no signal back but where the true gradient is asked for. */
export const sendingNothing = (
  { g, backwards }: Place,
  x: Signal,
  { W, u, geometry }: Pick<LocalStep, 'W' | 'u' | 'geometry'>,
): Step => ({
  y: { value: u, needsGradient: x.needsGradient },
  backward: (dy) =>
    x.needsGradient && backwards.exact
      ? conv2dInputGradient(g, W, dy, { ...geometry, inputShape: x.value.shape })
      : undefined,
});

const boundOf = ({ initialization }: Place, fans: Fans): number =>
  initialLaw(initialization, fans).bound;
