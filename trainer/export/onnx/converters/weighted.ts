// Conv, Gemm and BatchNormalization: the operators that carry what was learned.
import type { Padding } from '../../../program/index.ts';
import type { Converter } from '../conversion.ts';

/** ONNX counts all beginnings before all ends. */
export const padsOf = ({ top, left, bottom, right }: Padding): readonly number[] => [
  top,
  left,
  bottom,
  right,
];

export const conv2d: Converter<'conv2d'> = (at, { name, inputs: [x, w], attributes }) => {
  const { stride, dilation, padding } = attributes;
  const [height = 0, width = 0, perGroup = 1] = w?.shape ?? [];
  return at.node('Conv', {
    name,
    inputs: [at.computed(x), at.initializer(w, 'filter')],
    attributes: {
      kernel_shape: [height, width],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      pads: padsOf(padding),
      group: (x?.shape[3] ?? 0) / perGroup,
    },
  });
};

export const matmul: Converter<'matmul'> = (at, { name, inputs: [x, w], attributes }) => {
  if (attributes.transposeA) at.refuse('transposed pictures');
  return at.node('Gemm', {
    name,
    inputs: [at.computed(x), at.initializer(w, 'plain')],
    attributes: attributes.transposeB ? { transB: 1 } : {},
  });
};

export const batchNormInference: Converter<'batchNormInference'> = (
  at,
  { name, inputs: [x, ...statistics], attributes },
) =>
  at.node('BatchNormalization', {
    name,
    inputs: [at.computed(x), ...statistics.map((each) => at.initializer(each, 'plain'))],
    attributes: { epsilon: { float: attributes.epsilon } },
  });
