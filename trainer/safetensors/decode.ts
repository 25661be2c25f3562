// The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes. One file, no code in it, any framework reads it.
import type { Tensor, Tensors } from '../executors/index.ts';
import { type Dtype, sizeOf } from '../program/index.ts';

/** A file that is no safetensors file, or not a whole one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

const NAMES = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const;
const ARRAYS = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
const DTYPES: Readonly<Record<keyof typeof ARRAYS, Dtype>> = {
  F32: 'float32',
  I32: 'int32',
  U8: 'uint8',
};
const LARGEST_HEADER = 100_000_000;

interface Entry {
  readonly dtype: keyof typeof ARRAYS;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

export interface SafetensorsFile {
  readonly tensors: Tensors;
  /** Texts kept beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
}

const bytesOf = ({ data, dtype }: Tensor): Buffer => {
  const exact =
    data instanceof Float64Array && dtype === 'float32' ? Float32Array.from(data) : data;
  return Buffer.from(exact.buffer, exact.byteOffset, exact.byteLength);
};

export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const bytes = bytesOf(tensor);
    header[name] = {
      dtype: NAMES[tensor.dtype],
      shape: tensor.shape,
      data_offsets: [offset, offset + bytes.byteLength],
    };
    offset += bytes.byteLength;
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

function parseHeader(
  file: Buffer,
  where: string,
): { header: Record<string, unknown>; start: number } {
  if (file.length < 8)
    throw new SafetensorsError(`${where}: ${file.length} bytes are no safetensors file`);
  const length = Number(file.readBigUInt64LE(0));
  if (length > LARGEST_HEADER || 8 + length > file.length)
    throw new SafetensorsError(`${where}: header of ${length} bytes in a file of ${file.length}`);
  try {
    const header: unknown = JSON.parse(file.toString('utf8', 8, 8 + length));
    if (typeof header !== 'object' || header === null) throw new SafetensorsError('not an object');
    return { header: header as Record<string, unknown>, start: 8 + length };
  } catch (cause) {
    throw new SafetensorsError(`${where}: the header is no JSON object`, { cause });
  }
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.dtype === 'string' &&
    entry.dtype in ARRAYS &&
    whole(entry.shape) &&
    whole(entry.data_offsets) &&
    entry.data_offsets.length === 2
  );
}

/** @throws SafetensorsError naming `where` on anything malformed or truncated */
export function decodeSafetensors(file: Buffer, where: string): SafetensorsFile {
  const { header, start } = parseHeader(file, where);
  const { __metadata__: metadata = {}, ...rest } = header;
  const tensors = Object.entries(rest).map(([name, entry]) => {
    if (!isEntry(entry)) throw new SafetensorsError(`${where}: tensor ${name} is not described`);
    const { dtype, shape } = entry;
    const [from, to] = entry.data_offsets;
    const size = sizeOf(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT;
    if (to - from !== size || start + to > file.length)
      throw new SafetensorsError(
        `${where}: tensor ${name} expected ${size} bytes, got ${to - from}`,
      );
    const bytes = Uint8Array.prototype.slice.call(file, start + from, start + to);
    const data = new ARRAYS[dtype](bytes.buffer, 0, sizeOf(shape));
    return [name, { dtype: DTYPES[dtype], shape, data }] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}
