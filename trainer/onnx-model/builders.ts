// Attributes and tensors of ONNX from plain values.
import {
  ATTRIBUTE,
  ELEMENT,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxTensor,
} from './messages.ts';

/** A number is an int, numbers are ints; floats, texts and graphs are said to be so. */
export type AttributeValue =
  | number
  | readonly number[]
  | { readonly float: number }
  | { readonly text: string }
  | { readonly graph: OnnxGraph };

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value };
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  if ('text' in value) return { name, type: ATTRIBUTE.text, s: Buffer.from(value.text) };
  if ('graph' in value) return { name, type: ATTRIBUTE.graph, g: value.graph };
  return { name, type: ATTRIBUTE.ints, ints: value };
}

export const attributesOf = (
  values: Readonly<Record<string, AttributeValue>>,
): readonly OnnxAttribute[] => Object.entries(values).map(([name, each]) => attribute(name, each));

export const float32Tensor = (
  name: string,
  dims: readonly number[],
  { buffer, byteOffset, byteLength }: Float32Array,
): OnnxTensor => ({
  name,
  dims,
  dataType: ELEMENT.float32,
  rawData: new Uint8Array(buffer, byteOffset, byteLength),
});

/** A list. */
export const int64Tensor = (name: string, values: readonly number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  dataType: ELEMENT.int64,
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
