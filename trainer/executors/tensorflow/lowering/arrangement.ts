// Products aside, what reduces a tensor or moves its elements.
import type { ArrangementKind } from '../../../program/index.ts';
import type { Lowering, Lowerings } from './lowering.ts';

const reduction =
  (type: 'Sum' | 'Mean'): Lowering<'sum' | 'mean'> =>
  (site, [x], { attributes: { axes, keepDims } }) => [
    site.node(type, [x, site.ints(axes)], { keep_dims: { flag: keepDims } }),
  ];

export const arrangement: Lowerings<ArrangementKind> = {
  sum: reduction('Sum'),
  mean: reduction('Mean'),
  broadcast: (site, [x], { attributes: { shape } }) => [
    site.node('BroadcastTo', [x, site.ints(shape)]),
  ],
  reshape: (site, [x], { attributes: { shape } }) => [site.node('Reshape', [x, site.ints(shape)])],
  transpose: (site, [x], { attributes: { permutation } }) => [
    site.node('Transpose', [x, site.ints(permutation)]),
  ],
  concat: (site, parts, { attributes: { axis } }) => [
    site.node('ConcatV2', [parts, site.constant('int32', [axis], [])]),
  ],
  slice: (site, [x], { attributes: { begin, size } }) => [
    site.node('Slice', [x, site.ints(begin), site.ints(size)]),
  ],
  pad: (site, [x], { attributes: { paddings } }) => [
    site.node('Pad', [x, site.constant('int32', paddings.flat(), [paddings.length, 2])]),
  ],
};
