// The classifier's loss, its targets, and randomness.
import { plainOf } from '../layout.ts';
import { type Lowerings, operandsOf, outputOf } from './lowering.ts';

const ROWS = plainOf(2);

export const classification: Lowerings<
  'softmaxCrossEntropy' | 'argmax' | 'oneHot' | 'randomUniform'
> = {
  // loss = -sum_k y_k log p_k; dloss/dz = p sum(y) - y
  softmaxCrossEntropy: (site, operation) => {
    const [logits, labels] = operandsOf(operation);
    const y = site.laid(labels, ROWS);
    const logP = site.node('LogSoftmax', [site.laid(logits, ROWS)], { axis: 1 });
    const classes = site.ints([1]);
    const agreement = site.node('Mul', [logP, y]);
    const loss = site.node('Neg', [site.node('ReduceSum', [agreement, classes], { keepdims: 0 })]);
    const mass = site.node('ReduceSum', [y, classes], { keepdims: 1 });
    const gradient = site.node('Sub', [site.node('Mul', [site.node('Exp', [logP]), mass]), y]);
    return [
      { tensor: loss, layout: plainOf(1) },
      { tensor: gradient, layout: ROWS },
    ];
  },

  argmax: (site, operation) => {
    const [x] = operandsOf(operation);
    const { axis } = operation.attributes;
    const rank = x.shape.length;
    const found = site.node('ArgMax', [site.laid(x, plainOf(rank))], { axis, keepdims: 0 });
    const to = site.elementOf(outputOf(operation));
    return [{ tensor: site.node('Cast', [found], { to }), layout: plainOf(rank - 1) }];
  },

  // ONNX's own OneHot counts negative indices from the end.
  oneHot: (site, operation) => {
    const [indices] = operandsOf(operation);
    const { depth } = operation.attributes;
    const rank = indices.shape.length;
    const laid = site.laid(indices, plainOf(rank));
    const column = site.node('Unsqueeze', [laid, site.ints([rank])]);
    const classes = site.int32s(plainOf(depth), [depth]);
    const hit = site.node('Equal', [column, classes]);
    const to = site.elementOf(outputOf(operation));
    return [{ tensor: site.node('Cast', [hit], { to }), layout: plainOf(rank + 1) }];
  },

  randomUniform: (site, operation) => [
    { tensor: site.random(operation), layout: plainOf(operation.attributes.shape.length) },
  ],
};
