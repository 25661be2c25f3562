// Convolutions and pools over pictures that are not square, with every stride, dilation and padding.
import {
  averagePool,
  averagePoolGradient,
  type ConvolutionGeometry,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  type Graph,
  maxPool,
  maxPoolGradient,
  type Padding,
  type PoolGeometry,
  padded,
  type Shape,
  type Value,
} from '../../../trainer/program/index.ts';
import { tensorOf } from '../../builders/tensors.ts';
import type { GradientCase, ProgramCase } from './program-case.ts';

/** Odd and even sides, neither square. */
const PICTURES: readonly Shape[] = [
  [2, 7, 6, 4],
  [2, 6, 9, 4],
];
const PADDINGS: readonly Padding[] = [
  padded(0),
  padded(1),
  padded(2),
  { top: 0, bottom: 1, left: 0, right: 1 },
  { top: 2, bottom: 0, left: 1, right: 2 },
];

interface Filter {
  readonly name: string;
  readonly shape: Shape;
}
const FILTERS: readonly Filter[] = [
  { name: 'dense 3x3', shape: [3, 3, 4, 6] },
  { name: 'dense 3x1', shape: [3, 1, 4, 3] },
  { name: 'pointwise', shape: [1, 1, 4, 5] },
  { name: 'depthwise 3x3', shape: [3, 3, 1, 4] },
  { name: 'depthwise 3x3, two a channel', shape: [3, 3, 1, 8] },
  { name: 'two groups', shape: [3, 3, 2, 4] },
];

const show = ({ top, bottom, left, right }: Padding) => `${top}${bottom}${left}${right}`;

function convolution(x: Shape, filter: Filter, geometry: ConvolutionGeometry): GradientCase {
  const { stride, dilation, padding } = geometry;
  const from = (g: Graph) => g.input('x', x);
  const by = (g: Graph) => g.input('w', filter.shape);
  return {
    name: `${filter.name} over ${x.slice(1, 3).join('x')}, stride ${stride}, dilation ${dilation}, padding ${show(padding)}`,
    forward: (g) => conv2d(g, from(g), by(g), geometry),
    backward: (g, dy) => ({
      x: conv2dInputGradient(g, by(g), dy, { ...geometry, inputShape: x }),
      w: conv2dFilterGradient(g, from(g), dy, { ...geometry, filterShape: filter.shape }),
    }),
  };
}

export const convolutions = PICTURES.flatMap((x) =>
  FILTERS.flatMap((filter) =>
    [1, 2].flatMap((stride) =>
      [1, 2].flatMap((dilation) =>
        PADDINGS.map((padding) => convolution(x, filter, { stride, dilation, padding })),
      ),
    ),
  ),
);

const pools: readonly PoolGeometry[] = [1, 2].flatMap((stride) =>
  [padded(0), padded(1), PADDINGS[3] ?? padded(0)].flatMap((padding) =>
    [2, 3].map((window) => ({ window, stride, padding })),
  ),
);

export const pooling: readonly GradientCase[] = PICTURES.flatMap((x) =>
  pools.flatMap((geometry) => {
    const { window, stride, padding } = geometry;
    const name = `${window} over ${x.slice(1, 3).join('x')}, stride ${stride}, padding ${show(padding)}`;
    const from = (g: Graph) => g.input('x', x);
    return [
      {
        name: `maxPool ${name}`,
        forward: (g: Graph) => maxPool(g, from(g), geometry),
        backward: (g: Graph, dy: Value) => {
          const y = maxPool(g, from(g), geometry);
          return { x: maxPoolGradient(g, [from(g), y, dy], geometry) };
        },
      },
      {
        name: `averagePool ${name}`,
        forward: (g: Graph) => averagePool(g, from(g), geometry),
        backward: (g: Graph, dy: Value) => ({
          x: averagePoolGradient(g, dy, { ...geometry, inputShape: x }),
        }),
      },
    ];
  }),
);

/** The first maximum takes all; zeros of padding are no maxima. */
export const ties: ProgramCase = {
  name: 'maxPool with ties and negative edges',
  exact: true,
  given: {
    x: tensorOf([0, 0, 0, 0, 0, -1, -1, -1, -2, -1, 3, 3, 3, 3, -5, -5], [1, 4, 4, 1]),
    dy: tensorOf([1, 2, 4, 8], [1, 2, 2, 1]),
  },
  write: (g) => {
    const geometry = { window: 3, stride: 2, padding: padded(1) };
    const x = g.input('x', [1, 4, 4, 1]);
    const y = maxPool(g, x, geometry);
    return { y, dx: maxPoolGradient(g, [x, y, g.input('dy', [1, 2, 2, 1])], geometry) };
  },
};
