// Batch normalisation by TensorFlow's fused kernels, which grappler fuses further with what stands around them.
import { outputOf } from '../graph-builder.ts';
import type { Lowerings } from './lowering.ts';

const attributes = (epsilon: number, training: boolean) => ({
  epsilon: { float: epsilon },
  data_format: { text: 'NHWC' },
  is_training: { flag: training },
});

/** Outputs of FusedBatchNormV3: y, mean, variance, then what its gradient wants back. */
const RESERVED = [3, 4, 5] as const;

export const normalization: Lowerings<'batchNorm' | 'batchNormGradient' | 'batchNormInference'> = {
  batchNorm: (site, [x, gamma, beta], { attributes: { epsilon } }) => {
    const unused = site.constant('float32', [], [0]);
    const inputs = [x, gamma, beta, unused, unused];
    const y = site.node('FusedBatchNormV3', inputs, attributes(epsilon, true));
    const [mean, variance] = [outputOf(y, 1), outputOf(y, 2)];
    return [y, mean, variance, outputOf(y, RESERVED[0]), outputOf(y, RESERVED[1])];
  },

  // The third reserved output has no place in the program; it is another output of the same node.
  batchNormGradient: (site, [dy, x, gamma, first, second], { attributes: { epsilon } }) => {
    const third = outputOf(first, RESERVED[2]);
    const inputs = [dy, x, gamma, first, second, third];
    const dx = site.node('FusedBatchNormGradV3', inputs, attributes(epsilon, true));
    return [dx, outputOf(dx, 1), outputOf(dx, 2)];
  },

  batchNormInference: (site, [x, gamma, beta, mean, variance], { attributes: { epsilon } }) => [
    site.node('FusedBatchNormV3', [x, gamma, beta, mean, variance], attributes(epsilon, false)),
  ],
};
