// Door of the executors.
export {
  type Executor,
  ExecutorError,
  type Session,
  type SessionOptions,
  type Tensor,
  type Tensors,
} from './executor.ts';
export { createReferenceExecutor } from './reference/index.ts';
export { createTensorFlowExecutor, defaultLibraryDir } from './tensorflow/index.ts';
