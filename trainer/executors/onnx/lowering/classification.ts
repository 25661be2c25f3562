// The classifier's loss, its targets, and randomness. WebGPU has neither LogSoftmax nor ArgMax: both are put together here.
import { plainOf } from '../layout.ts';
import { type Lowerings, operandsOf, outputOf, type Site } from './lowering.ts';

const ROWS = plainOf(2);

/** z - max z - log sum exp(z - max z), row by row */
function logSoftmax(site: Site, z: string): string {
  const classes = site.ints([1]);
  const peak = site.node('ReduceMax', [z, classes], { keepdims: 1 });
  const below = site.node('Sub', [z, peak]);
  const mass = site.node('ReduceSum', [site.node('Exp', [below]), classes], { keepdims: 1 });
  return site.node('Sub', [below, site.node('Log', [mass])]);
}

export const classification: Lowerings<
  'softmaxCrossEntropy' | 'argmax' | 'oneHot' | 'randomUniform'
> = {
  // loss = -sum_k y_k log p_k; dloss/dz = p sum(y) - y
  softmaxCrossEntropy: (site, operation) => {
    const [logits, labels] = operandsOf(operation);
    const y = site.laid(labels, ROWS);
    const classes = site.ints([1]);
    const logP = logSoftmax(site, site.laid(logits, ROWS));
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
    const { shape } = x;
    const [side = 0, place] = [shape[axis], site.ints([axis])];
    const laid = site.laid(x, plainOf(shape.length));
    const best = site.node('ReduceMax', [laid, place], { keepdims: 1 });
    const along = shape.map((_, i) => (i === axis ? side : 1));
    const places = site.constant(plainOf(side), along);
    const isBest = site.node('Equal', [laid, best]);
    const where = site.node('Where', [isBest, places, site.scalar(side)]);
    const first = site.node('ReduceMin', [where, place], { keepdims: 0 });
    const to = site.elementOf(outputOf(operation));
    return [{ tensor: site.node('Cast', [first], { to }), layout: plainOf(shape.length - 1) }];
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
