// Pooling. Maxima never see the padding; averages are taken over the pixels inside the picture.
import type { PoolGeometry, Shape } from '../../../program/index.ts';
import { areaByPixelsInside } from '../../pixels-inside.ts';
import type { Output } from '../c-api.ts';
import type { NodeAttributes } from '../graph-builder.ts';
import type { Lowerings, Site } from './lowering.ts';
import { named, pad, paddedShape, perAxis, type Sliding, unpad, VALID } from './padding.ts';

interface PoolShapes {
  readonly input: Shape;
  readonly output: Shape;
}

const attributesOf = (
  { window, stride }: PoolGeometry,
  padding: NodeAttributes,
): NodeAttributes => ({ ksize: perAxis(window), strides: perAxis(stride), ...padding });

const slidingOf = ({ window, stride, padding }: PoolGeometry): Sliding => ({
  extent: [window, window],
  stride,
  padding,
});

/** No picture holds less: padding never wins a maximum. */
const LOWEST = -3.4028234663852886e38;

interface Maximal {
  readonly x: Output;
  readonly attributes: NodeAttributes;
  readonly isPaddedBefore: boolean;
}

/** oneDNN's kernels, several times faster, take "SAME" and "VALID" only: any other padding is put on before. */
function maximal(site: Site, x: Output, geometry: PoolGeometry, input: Shape): Maximal {
  const byName = named(input, slidingOf(geometry));
  const attributes = attributesOf(geometry, byName ?? VALID);
  if (byName !== undefined) return { x, attributes, isPaddedBefore: false };
  const padded = pad(site, x, geometry.padding, LOWEST);
  return { x: padded, attributes, isPaddedBefore: true };
}

/** [1,H',W',1]: window area / pixels inside, which turns a mean over zeros of padding into one without them. */
function correction(site: Site, geometry: PoolGeometry, shapes: PoolShapes): Output {
  const [, rows = 0, columns = 0] = shapes.output;
  return site.constant('float32', areaByPixelsInside(geometry, shapes), [1, rows, columns, 1]);
}

export const pooling: Lowerings<
  'maxPool' | 'maxPoolGradient' | 'averagePool' | 'averagePoolGradient'
> = {
  maxPool: (site, [input], { attributes: geometry, inputs: [from] }) => {
    const { x, attributes } = maximal(site, input, geometry, from?.shape ?? []);
    return [site.node('MaxPool', [x], attributes)];
  },

  maxPoolGradient: (site, [input, y, dy], { attributes: geometry, inputs: [from] }) => {
    const inputShape = from?.shape ?? [];
    const { x, attributes, isPaddedBefore } = maximal(site, input, geometry, inputShape);
    if (!isPaddedBefore) return [site.node('MaxPoolGrad', [x, y, dy], attributes)];
    const gradient = site.node('MaxPoolGrad', [x, y, dy], attributes, 'ofPadded');
    return [unpad(site, gradient, inputShape, geometry.padding)];
  },

  // TensorFlow's own average leaves "SAME" padding out too.
  averagePool: (site, [x], { attributes, inputs: [from], outputs: [to] }) => {
    const shapes = { input: from?.shape ?? [], output: to?.shape ?? [] };
    const byName = named(shapes.input, slidingOf(attributes));
    if (byName !== undefined) return [site.node('AvgPool', [x], attributesOf(attributes, byName))];
    const padded = pad(site, x, attributes.padding);
    const mean = site.node('AvgPool', [padded], attributesOf(attributes, VALID), 'mean');
    return [site.node('Mul', [mean, correction(site, attributes, shapes)])];
  },

  averagePoolGradient: (site, [dy], { attributes, inputs: [from] }) => {
    const { inputShape, padding } = attributes;
    const byName = named(inputShape, slidingOf(attributes));
    const type = 'AvgPoolGrad';
    if (byName !== undefined)
      return [site.node(type, [site.ints(inputShape), dy], attributesOf(attributes, byName))];
    const factors = correction(site, attributes, { input: inputShape, output: from?.shape ?? [] });
    const scaled = site.node('Mul', [dy, factors], {}, 'scaled');
    const inputs = [site.ints(paddedShape(inputShape, padding)), scaled];
    const gradient = site.node(type, inputs, attributesOf(attributes, VALID), 'padded');
    return [unpad(site, gradient, inputShape, padding)];
  },
};
