// The dtypes of the step program and what safetensors calls them.
import type { HostDtype } from '../program/index.ts';

export const DTYPE_NAMES = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const satisfies Record<
  HostDtype,
  string
>;

/** What may be read, by its name in the file. */
export const STORED = {
  F32: { dtype: 'float32', array: Float32Array },
  I32: { dtype: 'int32', array: Int32Array },
  U8: { dtype: 'uint8', array: Uint8Array },
} as const;

export type StoredDtype = keyof typeof STORED;
