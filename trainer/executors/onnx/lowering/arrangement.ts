// What reduces a tensor or moves its elements. Most of it lets a tensor lie as it lies and counts axes differently.
import type { ArrangementKind, Value } from '../../../program/index.ts';
import { inOrder, type Layout, plainOf, withoutAxes } from '../layout.ts';
import { sharedLayout } from './elementwise.ts';
import { type Lowering, type Lowerings, operandsOf, outputOf, type Site } from './lowering.ts';

/** How a value lies, once it has to. */
const settled = (site: Site, value: Value): Layout =>
  site.layoutOf(value) ?? plainOf(value.shape.length);

const reduction =
  (type: 'ReduceSum' | 'ReduceMean'): Lowering<'sum' | 'mean'> =>
  (site, operation) => {
    const [x] = operandsOf(operation);
    const { axes, keepDims } = operation.attributes;
    const layout = settled(site, x);
    const tensor = site.laid(x, layout);
    if (axes.length === 0) return [{ tensor, layout }];
    const places = site.ints(axes.map((axis) => layout.indexOf(axis)));
    const reduced = site.node(type, [tensor, places], { keepdims: Number(keepDims) });
    return [{ tensor: reduced, layout: keepDims ? layout : withoutAxes(layout, axes) }];
  };

export const arrangement: Lowerings<ArrangementKind> = {
  sum: reduction('ReduceSum'),
  mean: reduction('ReduceMean'),

  broadcast: (_, operation) => {
    const [x] = operandsOf(operation);
    const { shape } = operation.attributes;
    const make = (site: Site, layout: Layout) =>
      site.node('Expand', [site.stretched(x, layout), site.ints(inOrder(shape, layout))]);
    return [{ make }];
  },

  reshape: (site, operation) => {
    const [x] = operandsOf(operation);
    const { shape } = operation.attributes;
    const inputs = [site.laid(x, plainOf(x.shape.length)), site.ints(shape)];
    return [{ tensor: site.node('Reshape', inputs), layout: plainOf(shape.length) }];
  },

  transpose: (site, operation) => {
    const [x] = operandsOf(operation);
    const { permutation } = operation.attributes;
    const layout = settled(site, x);
    const turned = layout.map((axis) => permutation.indexOf(axis));
    return [{ tensor: site.laid(x, layout), layout: turned }];
  },

  concat: (site, operation) => {
    const { inputs, attributes } = operation;
    const layout = sharedLayout(site, inputs, outputOf(operation).shape.length);
    const tensors = inputs.map((part) => site.laid(part, layout));
    const axis = layout.indexOf(attributes.axis);
    return [{ tensor: site.node('Concat', tensors, { axis }), layout }];
  },

  slice: (site, operation) => {
    const [x] = operandsOf(operation);
    const { begin, size } = operation.attributes;
    const layout = settled(site, x);
    const cut = layout
      .map((axis, place) => ({ place, begin: begin[axis] ?? 0, size: size[axis] ?? 0, axis }))
      .filter((each) => each.size !== x.shape[each.axis]);
    const tensor = site.laid(x, layout);
    if (cut.length === 0) return [{ tensor, layout }];
    const inputs = [
      tensor,
      site.ints(cut.map((each) => each.begin)),
      site.ints(cut.map((each) => each.begin + each.size)),
      site.ints(cut.map(({ place }) => place)),
    ];
    return [{ tensor: site.node('Slice', inputs), layout }];
  },

  pad: (site, operation) => {
    const [x] = operandsOf(operation);
    const layout = settled(site, x);
    const paddings = inOrder(operation.attributes.paddings, layout);
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    return [{ tensor: site.node('Pad', [site.laid(x, layout), site.ints(pads)]), layout }];
  },
};
