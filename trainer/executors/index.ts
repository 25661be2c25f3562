// Door of the executors.
export {
  chooseExecutor,
  EXECUTOR_NAMES,
  type ExecutorFolders,
  settleExecutor,
} from './choose.ts';
export {
  type DeviceSettings,
  type Executor,
  PeerLostError,
  type Peers,
  type Session,
  type SessionOptions,
  type Tensor,
  type Tensors,
} from './executor.ts';
export { createOnnxExecutor } from './onnx/index.ts';
export { createMeeting, createReferenceExecutor } from './reference/index.ts';
export { createTensorFlowExecutor, defaultLibraryDir, requireLibrary } from './tensorflow/index.ts';
export { createTfjsNodeExecutor, defaultPackageDir } from './tfjs-node/index.ts';
