// What a program's dtypes are in ONNX.
import { ELEMENT, type ElementType } from '../../onnx-model/index.ts';
import { ExecutorError } from '../executor.ts';
import type { Provider } from './lowering/index.ts';

const ELEMENTS: Readonly<Record<string, ElementType>> = {
  float32: ELEMENT.float32,
  int32: ELEMENT.int32,
  uint8: ELEMENT.uint8,
};

/** WebGPU has no bytes: they travel as int32. */
export const nativeDtype = (dtype: string, provider: Provider): string =>
  dtype === 'uint8' && provider === 'webgpu' ? 'int32' : dtype;

/** @throws ExecutorError for precisions that this executor does not compute in */
export function elementOf(dtype: string, provider: Provider): ElementType {
  const element = ELEMENTS[nativeDtype(dtype, provider)];
  if (element === undefined)
    throw new ExecutorError(
      `the ONNX executor does not compute in ${dtype}: choose float32 or the executor tensorflow`,
    );
  return element;
}
