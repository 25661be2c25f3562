// MaxPool and AveragePool over windows, and the mean over whole pictures.
import { NCHW_OF_NHWC } from '../../../layouts.ts';
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

/** Over height and width, or with the axes kept over any that are not the batch. */
export const mean: Converter<'mean'> = (at, { name, inputs: [x], attributes }) => {
  const { axes, keepDims } = attributes;
  const places = axes.toSorted().join() === '1,2';
  if (x?.shape.length !== 4 || axes.includes(0) || !(places || keepDims))
    return at.refuse(`expected a mean over height and width, got axes [${axes}]`);
  const inputs = [at.computed(x)];
  if (!places)
    return at.node('ReduceMean', { name, inputs, attributes: { axes: axes.map(axisOfPictures) } });
  if (keepDims) return at.node('GlobalAveragePool', { name, inputs });
  const pooled = at.node('GlobalAveragePool', { name: `${name}/pool`, inputs });
  return at.node('Flatten', { name, inputs: [pooled], attributes: { axis: 1 } });
};

const ORDER: readonly number[] = NCHW_OF_NHWC;
/** Of [N,H,W,C] in [N,C,H,W]. */
const axisOfPictures = (axis: number): number => ORDER.indexOf(axis);
