// Heads: from the last pictures to logits.
import { relu } from './activation.ts';
import { convolution } from './convolution.ts';
import { dense } from './dense.ts';
import { type Layer, sequential } from './layer.ts';
import { batchNorm } from './normalization.ts';
import { averagePool, globalAveragePool } from './pooling.ts';
import { flatten } from './shape.ts';

/** [N,H,W,C] -> [N,classes] */
export const classifier = (classes: number): Layer =>
  sequential(['average', globalAveragePool], ['fc', dense(classes)]);

export interface AuxiliaryShape {
  readonly narrow?: number;
  readonly wide?: number;
  /** Whether the second convolution is normed; in the authors' head for ImageNet it is not. */
  readonly secondNorm?: boolean;
}

/**
 * DARTS's auxiliary classifier for small pictures: average to 2 x 2, 1x1 to 128, 2x2 to 768, linear.
 * 8 x 8 and 7 x 7 pictures are averaged by windows of 5 at stride 3 and 2, as published; others by the same rule.
 */
export const auxiliaryHead =
  (classes: number, { narrow = 128, wide = 768, secondNorm = true }: AuxiliaryShape = {}): Layer =>
  (at, x) => {
    const [, h = 0, w = 0] = x.value.shape;
    const side = Math.min(h, w);
    const window = Math.min(Math.ceil(side / 2) + 1, side - 1);
    const head = sequential(
      ['relu', relu],
      ['average', averagePool({ window, stride: side - window })],
      ['conv1', convolution({ filters: narrow, kernel: 1 })],
      ['norm1', batchNorm()],
      ['relu1', relu],
      ['conv2', convolution({ filters: wide, kernel: 2 })],
      ...(secondNorm ? [['norm2', batchNorm()] as const] : []),
      ['relu2', relu],
      ['flatten', flatten],
      ['fc', dense(classes)],
    );
    return head(at, x);
  };
