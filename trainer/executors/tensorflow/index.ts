// Door of the TensorFlow executor: the program as a TensorFlow graph, run by TensorFlow's C library through koffi.
import type { Program } from '../../program/index.ts';
import { isOfWorkers, refuseWorkers } from '../checks.ts';
import { type Executor, type Peers, type SessionOptions, USUAL_DEVICE } from '../executor.ts';
import { setDeviceEnvironment } from './environment.ts';
import { loadLibrary } from './library.ts';
import { assertOneDnn } from './onednn-probe.ts';
import { untilNamed } from './peer-names.ts';
import { TensorFlowSession } from './session.ts';
import { startServer, type WorkerServer } from './worker-server.ts';

export { setDeviceEnvironment } from './environment.ts';
export {
  type GraphDefinition,
  type GraphSignature,
  writeGraphDefinition,
} from './graph-def.ts';
export { type CacheLocation, defaultLibraryDir, loadLibrary, requireLibrary } from './library.ts';
export { assertOneDnn } from './onednn-probe.ts';

interface TensorFlowOptions {
  /** Folder of libtensorflow_cc and libtensorflow_framework; see defaultLibraryDir. */
  readonly libraryDir: string;
  /** Where compiled kernels are kept; default: where CUDA wants. */
  readonly computeCacheDir?: string | undefined;
  /** Operations that run side by side; default: the machine's cores. */
  readonly interOpThreads?: number;
  /** Where the process is one of several workers. */
  readonly peers?: Peers | undefined;
}

/**
 * TensorFlow's thread pools belong to the process: the first session's counts hold for all.
 * @throws ExecutorError from `open` when the library is missing, lacks oneDNN, or refuses the program
 */
export function createTensorFlowExecutor(options: TensorFlowOptions): Executor {
  const { libraryDir, computeCacheDir, interOpThreads = 0, peers } = options;
  let asserted: Promise<void> | undefined;
  let server: WorkerServer | undefined;
  return {
    name: 'tensorflow',
    async open(program: Program, settings: SessionOptions = {}) {
      const { threads = 0, rewrites = true, device = USUAL_DEVICE } = settings;
      if (peers === undefined) refuseWorkers(program, 'this trainer');
      const api = loadLibrary(libraryDir, computeCacheDir);
      setDeviceEnvironment(device);
      const { xla, memory } = device;
      const growth = memory === 'growing';
      const config = { intraOpThreads: threads, interOpThreads, rewrites, xla, growth };
      asserted ??= assertOneDnn(api, config);
      await asserted;
      if (peers === undefined || !isOfWorkers(program))
        return new TensorFlowSession(api, program, { config });
      if (server === undefined) await untilNamed(peers);
      server ??= startServer(api, peers, config);
      return new TensorFlowSession(api, program, { config, server });
    },
  };
}
