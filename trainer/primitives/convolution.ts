// Convolution, dense or depthwise, under any learning rule: dW is exact, dx goes through the rule's B.
import {
  add,
  type ConvolutionGeometry,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  type Padding,
  padded,
  sum,
} from '../program/index.ts';
import type { Layer } from './layer.ts';
import { taught } from './lessons.ts';
import { nodeAt } from './nodes.ts';
import { spread } from './spread.ts';
import { declareBias, declareWeights } from './weights.ts';

export interface Convolution {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Of each side, or of all. */
  readonly padding?: number | Padding;
  readonly dilation?: number;
  readonly groups?: number;
  readonly bias?: boolean;
}

export const convolution =
  ({
    filters,
    kernel,
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
    bias = false,
  }: Convolution): Layer =>
  (at, x) => {
    const { g } = at;
    const channels = x.value.shape[3] ?? 0;
    const shape = [kernel, kernel, channels / groups, filters];
    const sides = typeof padding === 'number' ? padded(padding) : padding;
    const geometry: ConvolutionGeometry = { stride, dilation, padding: sides };
    const fans = { in: (channels / groups) * kernel ** 2, out: filters * kernel ** 2 };
    const { W, learn, send } = declareWeights(at, { shape, fans, input: x.value.shape.slice(1) });
    const product = conv2d(g, x.value, W, geometry);
    const offset = bias ? declareBias(at, filters, fans) : undefined;
    const y = offset === undefined ? product : add(g, product, offset.b);
    const study = taught(at, { x: x.value, y }, (lesson) => {
      learn(conv2dFilterGradient(g, lesson.x, lesson.dy, { ...geometry, filterShape: shape }));
      offset?.learn(sum(g, lesson.dy, { axes: [0, 1, 2] }));
    });
    const node = nodeAt(at, y);
    return {
      y: { value: node.value, needsGradient: true },
      backward: (arrived) => {
        const dy = node.settle(arrived);
        study(dy);
        if (!x.needsGradient) return undefined;
        const how = { ...geometry, inputShape: x.value.shape };
        return send(dy, {
          back: (B, signal) => conv2dInputGradient(g, B, signal, how),
          spread: (B, signal) => spread(g, B, signal, { ...how, outputShape: dy.shape }),
        });
      },
    };
  };
