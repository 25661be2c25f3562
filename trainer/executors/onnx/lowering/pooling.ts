// Pooling over [N,C,H,W]. Maxima never see the padding; averages are taken over the pixels inside the picture.
import { type PoolGeometry, type Shape, sizeOf, type Value } from '../../../program/index.ts';
import { areaByPixelsInside } from '../../pixels-inside.ts';
import { inOrder, NCHW } from '../layout.ts';
import { padsOf } from './convolution.ts';
import { type Lowerings, operandsOf, outputOf, type Site } from './lowering.ts';
import { type Frame, framed, spread } from './spacing.ts';

const windowOf = ({ window, stride, padding }: PoolGeometry) => ({
  kernel_shape: [window, window],
  strides: [stride, stride],
  pads: padsOf(padding),
});

const pictures = (tensor: string) => ({ tensor, layout: NCHW });

interface Pool {
  readonly geometry: PoolGeometry;
  readonly input: Shape;
  readonly output: Shape;
}

/** Rows that the windows slide over, from the first's first to the last's last: what of the padding no window reaches is left out. */
const covered = (outputs: number, { window, stride }: PoolGeometry): number =>
  (outputs - 1) * stride + window;

const spacingOf = ({ geometry: { stride }, output: shape }: Pool) => ({ stride, shape });

/** [H',W']: window area / pixels inside. */
function areaByPixels(site: Site, { geometry, input, output }: Pool): string {
  const [, rows = 0, columns = 0] = output;
  return site.constant(areaByPixelsInside(geometry, { input, output }), [rows, columns]);
}

/** The picture's rows among those that windows slide over: [before, after], negative where the windows do not reach so far. */
const aroundOf = ({ geometry, input, output }: Pool) => {
  const [, h = 0, w = 0] = input;
  const [, rows = 0, columns = 0] = output;
  const { top, left } = geometry.padding;
  return [
    [top, covered(rows, geometry) - top - h],
    [left, covered(columns, geometry) - left - w],
  ] as const;
};

/** dy at the first maximum of its window, added up: the maxima's places come from the CPU's pooling itself. */
function atIndices(site: Site, x: string, { pool, dy }: { pool: Pool; dy: string }): string {
  const [, indices = ''] = site.nodeOf(2, 'MaxPool', [x], windowOf(pool.geometry));
  const flat = site.ints([-1]);
  const zeros = site.node('Expand', [site.scalar(0), site.ints([sizeOf(pool.input)])]);
  const places = site.node('Reshape', [indices, flat]);
  const scattered = site.node(
    'ScatterElements',
    [zeros, places, site.node('Reshape', [dy, flat])],
    { axis: 0, reduction: { text: 'add' } },
  );
  return site.node('Reshape', [scattered, site.ints(inOrder(pool.input, NCHW))]);
}

/** No picture holds less: padding never wins a maximum. */
const LOWEST = -3.4028234663852886e38;

/**
 * The same where pooling does not tell places, as on WebGPU: window position by window position, in row-major order, what equals
 * the maximum and has no forerunner takes dy.
 */
function byMasks(site: Site, x: string, { pool, y, dy }: { pool: Pool; y: string; dy: string }) {
  const { window, stride } = pool.geometry;
  const [, rows = 0, columns = 0] = pool.output;
  const around = aroundOf(pool);
  const padded = framed(site, x, around, LOWEST);
  const [tall, wide] = [covered(rows, pool.geometry), covered(columns, pool.geometry)];
  let [left, sum]: [string, string | undefined] = [dy, undefined];
  for (let u = 0; u < window; u++)
    for (let v = 0; v < window; v++) {
      const last = [u + (rows - 1) * stride + 1, v + (columns - 1) * stride + 1];
      const ranges = [[u, v], last, [2, 3], [stride, stride]].map((each) => site.ints(each));
      const isMaximum = site.node('Equal', [site.node('Slice', [padded, ...ranges]), y]);
      const taken = site.node('Where', [isMaximum, left, site.scalar(0)]);
      left = site.node('Where', [isMaximum, site.scalar(0), left]);
      const spreadOut = spread(site, taken, spacingOf(pool));
      const [height, width] = [(rows - 1) * stride + 1, (columns - 1) * stride + 1];
      const placed = framed(site, spreadOut, [
        [u, tall - height - u],
        [v, wide - width - v],
      ]);
      sum = sum === undefined ? placed : site.node('Add', [sum, placed]);
    }
  return framed(site, sum ?? dy, inward(around));
}

const inward = ([[above, below], [ahead, behind]]: ReturnType<typeof aroundOf>) =>
  [
    [-above, -below],
    [-ahead, -behind],
  ] as const;

const poolOf = (geometry: PoolGeometry, input: Value, output: Value): Pool => ({
  geometry,
  input: input.shape,
  output: output.shape,
});

export const pooling: Lowerings<
  'maxPool' | 'maxPoolGradient' | 'averagePool' | 'averagePoolGradient'
> = {
  maxPool: (site, operation) => {
    const [x] = operandsOf(operation);
    const attributes = windowOf(operation.attributes);
    return [pictures(site.node('MaxPool', [site.laid(x, NCHW)], attributes))];
  },

  maxPoolGradient: (site, operation) => {
    const [xValue, yValue, dyValue] = operandsOf(operation);
    const [x, y, dy] = [xValue, yValue, dyValue].map((each) => site.laid(each, NCHW)) as [
      string,
      string,
      string,
    ];
    const pool = poolOf(operation.attributes, xValue, yValue);
    const gradient =
      site.provider === 'cpu'
        ? atIndices(site, x, { pool, dy })
        : byMasks(site, x, { pool, y, dy });
    return [pictures(gradient)];
  },

  averagePool: (site, operation) => {
    const [x] = operandsOf(operation);
    const attributes = { ...windowOf(operation.attributes), count_include_pad: 0 };
    return [pictures(site.node('AveragePool', [site.laid(x, NCHW)], attributes))];
  },

  // Every pixel gets dy / pixels from each window that it lies in: a sum over windows of the same size, which lie the other way round.
  averagePoolGradient: (site, operation) => {
    const [dy] = operandsOf(operation);
    const { inputShape, ...geometry } = operation.attributes;
    const pool = { geometry, input: outputOf(operation).shape, output: dy.shape };
    const scaled = site.node('Mul', [site.laid(dy, NCHW), areaByPixels(site, pool)]);
    const reach = geometry.window - 1;
    const wanted = aroundOf(pool).map((sides) => sides.map((each) => reach - each));
    // A pool's own padding is less than its window: what is more, no window reaches.
    const own = wanted.map((sides) => sides.map((each) => Math.min(Math.max(each, 0), reach)));
    const pads = [own[0]?.[0], own[1]?.[0], own[0]?.[1], own[1]?.[1]].map((each) => each ?? 0);
    const sums = site.node('AveragePool', [spread(site, scaled, spacingOf(pool))], {
      kernel_shape: [geometry.window, geometry.window],
      count_include_pad: 1,
      pads,
    });
    const rest = wanted.map((sides, i) => sides.map((each, k) => each - (own[i]?.[k] ?? 0)));
    const isWhole = rest.flat().every((each) => each === 0);
    return [pictures(isWhole ? sums : framed(site, sums, rest as unknown as Frame))];
  },
};
