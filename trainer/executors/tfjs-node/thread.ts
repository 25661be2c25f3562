// The computing thread of tfjs-node (worker.ts), and what its inputs must look like.
import { ComputingThread } from '../computing-thread.ts';
import type { Tensor, Tensors } from '../executor.ts';
import type { Loaded, WorkerData, WorkerRequest } from './worker.ts';

export type TfjsThread = ComputingThread<WorkerRequest, Loaded>;

/** @throws ExecutorError when the package or the SavedModel cannot be loaded */
export const startThread = (data: WorkerData): Promise<[TfjsThread, Loaded]> =>
  ComputingThread.start({
    module: new URL('./worker', import.meta.url),
    data,
    name: `@tensorflow/${data.packageName}`,
    execArgv: ['--no-deprecation'], // of a package that Node has moved on from
  });

/** @param doing opens the error, e.g. "entry step" */
export function runOn(
  thread: TfjsThread,
  doing: string,
  { inputs, ...rest }: WorkerRequest,
): Promise<Tensors> {
  const copies = Object.entries(inputs).map(
    ([name, tensor]) => [name, misaligned(tensor)] as const,
  );
  const moved = copies.map(([, { data }]) => data.buffer as ArrayBuffer);
  return thread.run(doing, { ...rest, inputs: Object.fromEntries(copies) }, moved);
}

/**
 * A copy four bytes into its buffer. TensorFlow copies what does not start at a multiple of its alignment; an aligned
 * array it would keep, in a variable too, and release from a thread of its own, which JavaScript's memory does not bear.
 */
function misaligned({ dtype, shape, data }: Tensor): Tensor {
  const buffer = new ArrayBuffer(4 + data.byteLength);
  const [kind, length] = [VIEWS[dtype], data.length];
  const copy = new kind(buffer, 4, length);
  copy.set(data);
  return { dtype, shape, data: copy };
}

const VIEWS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
