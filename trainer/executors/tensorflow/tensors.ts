// Tensors between JavaScript and TensorFlow. Both ways copy, so neither side ever holds the other's memory:
// AssignVariableOp keeps the very buffer that was fed, and an output may be a variable's own buffer.
import { type HostDtype, type LowPrecision, type Shape, sizeOf } from '../../program/index.ts';
import { ExecutorError, type Tensor } from '../executor.ts';
import type { CApi, Handle } from './c-api.ts';

/** TF_DataType */
export const TYPES = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  bfloat16: 14,
  float16: 19,
  uint64: 23,
} as const;

export type NativeType = keyof typeof TYPES;
/** Of which there are constants. */
export type ConstantType = Exclude<NativeType, LowPrecision>;

const ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const satisfies Record<HostDtype, unknown>;

/** A rank of 0 still needs an address. */
export const dimensions = (shape: Shape): BigInt64Array =>
  shape.length === 0 ? new BigInt64Array(1) : BigInt64Array.from(shape, BigInt);

/** The caller deletes the handle. */
export function createNative(
  api: CApi,
  type: NativeType,
  { shape, data }: { shape: Shape; data: ArrayBufferView },
): Handle {
  const handle = api.allocateTensor(TYPES[type], dimensions(shape), shape.length, data.byteLength);
  if (data.byteLength > 0) api.copy(api.tensorData(handle), data, data.byteLength);
  return handle;
}

export function toNative(api: CApi, { dtype, shape, data }: Tensor): Handle {
  const native = data instanceof Float64Array ? Float32Array.from(data) : data;
  return createNative(api, dtype, { shape, data: native });
}

/** Copies; the caller still deletes the handle. */
export function fromNative(
  api: CApi,
  handle: Handle,
  { dtype, shape }: { dtype: HostDtype; shape: Shape },
): Tensor {
  const data = new ARRAYS[dtype](sizeOf(shape));
  const bytes = Number(api.tensorBytes(handle));
  if (bytes !== data.byteLength)
    throw new ExecutorError(
      `TensorFlow gave ${bytes} bytes for ${dtype} [${shape}]: expected ${data.byteLength}`,
    );
  if (bytes > 0) api.copy(data, api.tensorData(handle), bytes);
  return { dtype, shape, data };
}
