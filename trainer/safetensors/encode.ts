// Tensors into a safetensors file: tensors by the size of an element, the widest first, so that each lies aligned.
import type { Tensor, Tensors } from '../executors/index.ts';
import { DTYPE_NAMES } from './dtypes.ts';

export interface SafetensorsFile {
  readonly tensors: Tensors;
  /** Texts kept beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** float64 data of the reference is rounded to the float32 that its dtype says. */
const bytesOf = ({ data, dtype }: Tensor): Buffer => {
  const exact =
    data instanceof Float64Array && dtype === 'float32' ? Float32Array.from(data) : data;
  return Buffer.from(exact.buffer, exact.byteOffset, exact.byteLength);
};

const narrowness = ({ dtype }: Tensor): number => (dtype === 'uint8' ? 1 : 0);

export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Buffer {
  const header: [string, unknown][] = [['__metadata__', metadata]];
  const parts: Buffer[] = [];
  let offset = 0;
  const aligned = Object.entries(tensors).sort(([, a], [, b]) => narrowness(a) - narrowness(b));
  for (const [name, tensor] of aligned) {
    const bytes = bytesOf(tensor);
    const data_offsets = [offset, offset + bytes.byteLength];
    header.push([name, { dtype: DTYPE_NAMES[tensor.dtype], shape: tensor.shape, data_offsets }]);
    offset += bytes.byteLength;
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}
