// Matrix product, convolution and its gradients. Groups follow from the filter's third side, depthwise included:
// DepthwiseConv2dNativeBackprop* ignore dilation on the CPU, the grouped gradients (oneDNN) do not.
// oneDNN's gradients take "VALID" and "SAME" only; any other padding is put on before and cut off after.
import type { ConvolutionGeometry, Shape } from '../../../program/index.ts';
import type { NodeAttributes } from '../graph-builder.ts';
import type { Lowerings } from './lowering.ts';
import {
  explicit,
  named,
  pad,
  paddedShape,
  perAxis,
  type Sliding,
  unpad,
  VALID,
} from './padding.ts';

const attributesOf = (
  { stride, dilation }: ConvolutionGeometry,
  padding: NodeAttributes,
): NodeAttributes => ({ strides: perAxis(stride), dilations: perAxis(dilation), ...padding });

const slidingOf = (
  { stride, dilation, padding }: ConvolutionGeometry,
  [kh = 0, kw = 0]: Shape,
): Sliding => ({
  extent: [dilation * (kh - 1) + 1, dilation * (kw - 1) + 1],
  stride,
  padding,
});

const shapeOf = (value: { readonly shape: Shape } | undefined): Shape => value?.shape ?? [];

export const convolution: Lowerings<
  'matmul' | 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'
> = {
  matmul: (site, [a, b], { attributes: { transposeA, transposeB } }) => [
    site.node('MatMul', [a, b], {
      transpose_a: { flag: transposeA },
      transpose_b: { flag: transposeB },
    }),
  ],

  conv2d: (site, [x, w], { attributes, inputs: [input, filter] }) => {
    const sliding = slidingOf(attributes, shapeOf(filter));
    const padding = named(shapeOf(input), sliding) ?? explicit(attributes.padding);
    return [site.node('Conv2D', [x, w], attributesOf(attributes, padding))];
  },

  conv2dInputGradient: (site, [w, dy], { attributes, inputs: [filter] }) => {
    const { inputShape, padding } = attributes;
    const byName = named(inputShape, slidingOf(attributes, shapeOf(filter)));
    const type = 'Conv2DBackpropInput';
    if (byName !== undefined)
      return [site.node(type, [site.ints(inputShape), w, dy], attributesOf(attributes, byName))];
    const inputs = [site.ints(paddedShape(inputShape, padding)), w, dy];
    const gradient = site.node(type, inputs, attributesOf(attributes, VALID), 'padded');
    return [unpad(site, gradient, inputShape, padding)];
  },

  conv2dFilterGradient: (site, [x, dy], { attributes, inputs: [input, output] }) => {
    const { filterShape, padding, stride } = attributes;
    if (filterShape[0] === 1 && filterShape[1] === 1 && stride > 1) {
      // Where a strided 1x1 filter leaves both the last row and the last column unused, oneDNN's gradient is wrong on some
      // processors: the input is cut to what the filter reaches.
      const [n = 0, , , c = 0] = shapeOf(input);
      const [, oh = 0, ow = 0] = shapeOf(output);
      const reached = [n, stride * (oh - 1) + 1, stride * (ow - 1) + 1, c];
      const padded = pad(site, x, padding);
      const from = site.ints([0, 0, 0, 0]);
      const cut = site.node('Slice', [padded, from, site.ints(reached)], {}, 'cut');
      const inputs = [cut, site.ints(filterShape), dy];
      return [site.node('Conv2DBackpropFilter', inputs, attributesOf(attributes, VALID))];
    }
    const byName = named(shapeOf(input), slidingOf(attributes, filterShape));
    const padded = byName === undefined ? pad(site, x, padding) : x;
    const inputs = [padded, site.ints(filterShape), dy];
    return [site.node('Conv2DBackpropFilter', inputs, attributesOf(attributes, byName ?? VALID))];
  },
};
