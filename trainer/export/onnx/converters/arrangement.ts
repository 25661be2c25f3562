// Concat, Slice, Pad, Expand, and reshapes that keep the batch. The batch stays free: nothing here may touch axis 0.
import { NCHW_OF_NHWC } from '../../../layouts.ts';
import type { Shape, Value } from '../../../program/index.ts';
import type { Conversion, Converter } from '../conversion.ts';
import { PICTURES } from '../names.ts';

/** Where each axis of [N,C,H,W] lies in [N,H,W,C], or the order as it is for other ranks. */
const axesOf = ({ length }: readonly unknown[]): readonly number[] =>
  length === 4 ? NCHW_OF_NHWC : Array.from({ length }, (_, axis) => axis);

/** One number an axis, put into the order of ONNX's axes. */
const asPictures = (numbers: readonly number[]): readonly number[] =>
  axesOf(numbers).map((axis) => numbers[axis] ?? 0);

const required = (at: Conversion, value: Value | undefined): Value =>
  value ?? at.refuse('expected an input');

export const concat: Converter<'concat'> = (at, { name, inputs, attributes, outputs }) => {
  if (attributes.axis === 0) at.refuse('a concatenation of batches');
  const axis = axesOf(required(at, outputs[0]).shape).indexOf(attributes.axis);
  return at.node('Concat', {
    name,
    inputs: inputs.map((x) => at.computed(x)),
    attributes: { axis },
  });
};

export const slice: Converter<'slice'> = (at, { name, inputs, attributes }) => {
  const x = required(at, inputs[0]);
  const { begin, size } = attributes;
  if (begin[0] !== 0 || size[0] !== x.shape[0]) at.refuse('a part of the batch');
  const cut = axesOf(x.shape)
    .map((from, axis) => ({
      axis,
      begin: begin[from] ?? 0,
      size: size[from] ?? 0,
      of: x.shape[from],
    }))
    .filter((each) => each.size !== each.of);
  const { writer } = at;
  const starts = writer.int64(cut.map((each) => each.begin));
  const ends = writer.int64(cut.map((each) => each.begin + each.size));
  const axes = writer.int64(cut.map(({ axis }) => axis));
  return at.node('Slice', { name, inputs: [at.computed(x), starts, ends, axes] });
};

export const pad: Converter<'pad'> = (at, { name, inputs: [x], attributes: { paddings } }) => {
  if (paddings[0]?.some((each) => each > 0)) at.refuse('padding of the batch');
  const [before, after] = [0, 1].map((end) => asPictures(paddings.map((each) => each[end] ?? 0)));
  const pads = at.writer.int64([...(before ?? []), ...(after ?? [])]);
  return at.node('Pad', { name, inputs: [at.computed(x), pads] });
};

/** Whether [N,H,W,C] and [N,C,H,W] of these sides differ in the order of elements. */
const isTurned = ([, h = 1, w = 1, c = 1]: Shape): boolean => h * w > 1 && c > 1;

/** Elements keep the step program's order, so pictures of more than one pixel are turned to [N,H,W,C] and back. */
export const reshape: Converter<'reshape'> = (at, { name, inputs, attributes: { shape } }) => {
  const x = required(at, inputs[0]);
  if (shape[0] !== x.shape[0])
    at.refuse(`expected the batch to stay, got [${x.shape}] to [${shape}]`);
  const nhwc = { name: `${name}/nhwc`, inputs: [at.computed(x)] };
  const turned = isTurned(x.shape)
    ? at.node('Transpose', { ...nhwc, attributes: { perm: [0, 2, 3, 1] } })
    : at.computed(x);
  if (shape.length === 2)
    return at.node('Flatten', { name, inputs: [turned], attributes: { axis: 1 } });
  const reshaped = (to: Shape, as: string) =>
    at.node('Reshape', { name: as, inputs: [turned, at.writer.int64([-1, ...to.slice(1)])] });
  if (!isTurned(shape)) return reshaped(asPictures(shape), name);
  const laid = reshaped(shape, `${name}/pictures`);
  return at.node('Transpose', { name, inputs: [laid], attributes: { perm: NCHW_OF_NHWC } });
};

/** One number for all, as the zeros of an edge without an operation. */
export const broadcast: Converter<'broadcast'> = (at, { name, inputs: [x], attributes }) => {
  if (x === undefined || x.shape.length > 0) return at.refuse('expected one number for all');
  const batch = at.node('Shape', {
    name: `${name}/batch`,
    inputs: [PICTURES],
    attributes: { start: 0, end: 1 },
  });
  const [, ...sides] = asPictures(attributes.shape);
  const shape = at.node('Concat', {
    name: `${name}/shape`,
    inputs: [batch, at.writer.int64(sides)],
    attributes: { axis: 0 },
  });
  return at.node('Expand', { name, inputs: [at.initializer(x, 'plain'), shape] });
};
