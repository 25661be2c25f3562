// Door of the ONNX executor: each entry of the program as an ONNX model, run by ONNX Runtime in a thread of its own. npm alone
// brings all of it.
import type { Program } from '../../program/index.ts';
import { refuseWorkers, refuseXla } from '../checks.ts';
import { ComputingThread } from '../computing-thread.ts';
import { type Executor, ExecutorError, type SessionOptions, USUAL_DEVICE } from '../executor.ts';
import type { Provider } from './lowering/index.ts';
import { keepToItself } from './privacy.ts';
import { OnnxSession } from './session.ts';
import type { Loaded, WorkerData, WorkerRequest } from './worker.ts';

interface OnnxOptions {
  /** What computes: the processor, or a GPU through WebGPU (Vulkan, Metal, Direct3D). */
  readonly provider?: Provider;
}

/** @throws ExecutorError from `open` when ONNX Runtime is missing, has no such provider, or the program has no form in ONNX */
export function createOnnxExecutor({ provider = 'cpu' }: OnnxOptions = {}): Executor {
  const name = provider === 'cpu' ? 'onnx' : 'onnx-webgpu';
  return {
    name,
    async open(program: Program, settings: SessionOptions = {}) {
      const { threads = 0, rewrites = true, device = USUAL_DEVICE } = settings;
      refuseWorkers(program, name);
      refuseXla(device, name);
      if (device.deterministic && provider === 'webgpu')
        throw new ExecutorError(
          'training.device.deterministic: WebGPU promises no such thing; take another executor, or leave it out',
        );
      keepToItself();
      const data: WorkerData = { program, options: { provider, threads, rewrites } };
      const [thread, loaded] = await ComputingThread.start<WorkerRequest, Loaded>({
        module: new URL('./worker', import.meta.url),
        data,
        name: 'ONNX Runtime',
      });
      return new OnnxSession(program, thread, {
        executor: name,
        ...(provider === 'cpu' ? onProcessor(loaded) : onWebGpu(loaded)),
      });
    },
  };
}

const onProcessor = ({ version }: Loaded) => ({
  library: `ONNX Runtime ${version}`,
  device: 'CPU',
});

/** A driver that plays a GPU on the processor is called what it is. */
const onWebGpu = ({ version, device }: Loaded) => ({
  library: `ONNX Runtime ${version} (WebGPU${device === undefined ? '' : ` on ${device.name}`})`,
  device: device === undefined || device.isGpu ? 'GPU' : 'CPU',
});
