// The classifier's loss, its targets, and randomness.
import { outputOf } from '../graph-builder.ts';
import type { Lowerings } from './lowering.ts';

/** TensorFlow's number for Philox4x32-10. */
const PHILOX = 1;

/** Left to TensorFlow's kernel where XLA compiles the rest: from the same key XLA draws other numbers. */
const KERNEL = { _XlaCompile: { flag: false } } as const;

export const classification: Lowerings<
  'softmaxCrossEntropy' | 'argmax' | 'oneHot' | 'randomUniform'
> = {
  // TensorFlow's gradient is p - y, right only for rows that sum to 1. With s = sum y the gradient of
  // -sum y log p is s p - y = s (p - y) + (s - 1) y, and a row of zeros has none.
  softmaxCrossEntropy: (site, [logits, labels]) => {
    const loss = site.node('SoftmaxCrossEntropyWithLogits', [logits, labels]);
    const s = site.node('Sum', [labels, site.ints([1])], { keep_dims: { flag: true } }, 'labelSum');
    const one = site.constant('float32', [1], []);
    const scaled = site.node('Mul', [outputOf(loss, 1), s], {}, 'scaled');
    const excess = site.node('Sub', [s, one], {}, 'excess');
    const correction = site.node('Mul', [excess, labels], {}, 'correction');
    return [loss, site.node('AddV2', [scaled, correction], {}, 'gradient')];
  },

  argmax: (site, [x], { attributes: { axis } }) => [
    site.node('ArgMax', [x, site.constant('int32', [axis], [])], {
      output_type: { type: 'int32' },
    }),
  ],

  oneHot: (site, [indices], { attributes: { depth } }) => [
    site.node('OneHot', [
      indices,
      site.constant('int32', [depth], []),
      site.constant('float32', [1], []),
      site.constant('float32', [0], []),
    ]),
  ],

  // key [2] -> Philox's 64-bit key (seed in the low half); the 128-bit counter starts at stream * 2^64, so that
  // streams never meet. The reference has the same mapping: reference/philox.ts.
  randomUniform: (site, [key], { attributes: { shape, stream } }) => {
    const pair = site.node('Reshape', [key, site.ints([1, 2])], {}, 'pair');
    const philoxKey = site.node('Bitcast', [pair], { type: { type: 'uint64' } }, 'key');
    const counter = site.constant('uint64', [0, stream], [2]);
    const algorithm = site.constant('int32', [PHILOX], []);
    const inputs = [site.ints(shape), philoxKey, counter, algorithm];
    return [
      site.node('StatelessRandomUniformV2', inputs, { dtype: { type: 'float32' }, ...KERNEL }),
    ];
  },
};
