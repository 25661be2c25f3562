// Reductions and the operators that move elements without changing them.
import type { ArrangementKind } from '../../../program/index.ts';
import { add, at, gather, indicesOf, offset, stridesOf, zeros } from '../array.ts';
import type { Kernel, Kernels } from './kernel.ts';

const sum: Kernel<'sum' | 'mean'> = ([x], { attributes: { axes }, outputs: [value] }) => {
  const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const y = zeros(value?.shape ?? [], x.dtype);
  let i = 0;
  for (const index of indicesOf(x.shape)) add(y.data, offset(index, strides), at(x.data, i++));
  return [y];
};

const mean: Kernel<'mean'> = (operands, operation, surroundings) => {
  const [x] = operands;
  const count = operation.attributes.axes.reduce((n, axis) => n * (x.shape[axis] ?? 1), 1);
  return sum(operands, operation, surroundings).map((total) => ({
    ...total,
    data: total.data.map((element) => element / count),
  }));
};

const broadcast: Kernel<'broadcast'> = ([x], { attributes: { shape } }) => {
  const lead = shape.length - x.shape.length;
  return [
    gather(x, shape, (index) =>
      x.shape.map((side, i) => (side === 1 ? 0 : (index[i + lead] ?? 0))),
    ),
  ];
};

const concat: Kernel<'concat'> = (parts, { attributes: { axis }, outputs: [value] }) => {
  const y = zeros(value?.shape ?? [], value?.dtype);
  const strides = stridesOf(y.shape);
  let start = 0;
  for (const part of parts) {
    let i = 0;
    for (const index of indicesOf(part.shape))
      y.data[offset(index, strides) + start * (strides[axis] ?? 1)] = at(part.data, i++);
    start += part.shape[axis] ?? 0;
  }
  return [y];
};

export const arrangement: Kernels<ArrangementKind> = {
  sum,
  mean,
  broadcast,
  reshape: ([x], { attributes: { shape } }) => [{ ...x, shape }],
  transpose: ([x], { attributes: { permutation }, outputs: [value] }) => [
    gather(x, value?.shape ?? [], (index) =>
      x.shape.map((_, axis) => index[permutation.indexOf(axis)] ?? 0),
    ),
  ],
  concat,
  slice: ([x], { attributes: { begin, size } }) => [
    gather(x, size, (index) => index.map((i, axis) => i + (begin[axis] ?? 0))),
  ],
  pad: ([x], { attributes: { paddings }, outputs: [value] }) => [
    gather(x, value?.shape ?? [], (index) => {
      const from = index.map((i, axis) => i - (paddings[axis]?.[0] ?? 0));
      return from.every((i, axis) => i >= 0 && i < (x.shape[axis] ?? 0)) ? from : undefined;
    }),
  ],
};
