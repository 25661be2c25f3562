// MaxPool and AveragePool over windows, and the mean over whole pictures.
import type { PoolGeometry } from '../../../program/index.ts';
import type { Converter } from '../conversion.ts';
import { padsOf } from './weighted.ts';

const windowOf = ({ window, stride, padding }: PoolGeometry) => ({
  kernel_shape: [window, window],
  strides: [stride, stride],
  pads: padsOf(padding),
});

export const maxPool: Converter<'maxPool'> = (at, { name, inputs: [x], attributes }) =>
  at.node('MaxPool', { name, inputs: [at.computed(x)], attributes: windowOf(attributes) });

export const averagePool: Converter<'averagePool'> = (at, { name, inputs: [x], attributes }) =>
  at.node('AveragePool', {
    name,
    inputs: [at.computed(x)],
    attributes: { ...windowOf(attributes), count_include_pad: 0 },
  });

/** Over height and width. */
export const mean: Converter<'mean'> = (at, { name, inputs: [x], attributes }) => {
  const { axes, keepDims } = attributes;
  if (x?.shape.length !== 4 || axes.toSorted().join() !== '1,2')
    return at.refuse(`expected a mean over height and width, got axes [${axes}]`);
  if (keepDims) return at.node('GlobalAveragePool', { name, inputs: [at.computed(x)] });
  const pooled = at.node('GlobalAveragePool', { name: `${name}/pool`, inputs: [at.computed(x)] });
  return at.node('Flatten', { name, inputs: [pooled], attributes: { axis: 1 } });
};
