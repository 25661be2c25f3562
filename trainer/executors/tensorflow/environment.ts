// What TensorFlow and CUDA are told by C's environment, since nothing else tells them. They read most of it once.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import { type DeviceSettings, ExecutorError } from '../executor.ts';

export interface Places {
  readonly libraryDir: string;
  /** Where kernels that were compiled for this device are kept, so that the next process need not; undefined: where CUDA wants. */
  readonly cacheDir?: string | undefined;
}

/** The most that CUDA takes, which keeps 1 GiB by itself. */
const CUDA_CACHE_BYTES = 2 ** 32;

let settled: string | undefined;

/** Before the library is loaded. */
export function setLibraryEnvironment(places: Places): void {
  // Half the time of a step, and the only CPU gradients of grouped convolutions.
  set({ TF_ENABLE_ONEDNN_OPTS: '1' });
  set(unlessSaid(places), { overwrite: false });
}

/** Before the first graph. @throws ExecutorError where the process computes otherwise already */
export function setDeviceEnvironment(device: Omit<DeviceSettings, 'xla'>): void {
  const { deterministic, tensorFloat32, memory } = device;
  const asked = `deterministic ${deterministic}, tensorFloat32 ${tensorFloat32}, memory ${memory}`;
  if (settled === asked) return;
  if (settled !== undefined)
    throw new ExecutorError(
      `training.device: TensorFlow computes with ${settled} in this process: ${asked} needs a process of its own`,
    );
  set({
    TF_DETERMINISTIC_OPS: deterministic ? '1' : '0',
    // Above the session's own option.
    TF_FORCE_GPU_ALLOW_GROWTH: String(memory === 'growing'),
    ...(tensorFloat32 ? {} : { NVIDIA_TF32_OVERRIDE: '0' }),
  });
  settled = asked;
}

function unlessSaid({ libraryDir, cacheDir }: Places): Readonly<Record<string, string>> {
  // Beside TensorFlow's folder where pip has put both: ptxas and libdevice, which XLA compiles with.
  const compiler = join(libraryDir, '..', 'nvidia', 'cuda_nvcc');
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    ...(existsSync(compiler) ? { XLA_FLAGS: `--xla_gpu_cuda_data_dir=${compiler}` } : {}),
    ...(cacheDir === undefined ? {} : cacheIn(cacheDir)),
  };
}

const cacheIn = (directory: string): Readonly<Record<string, string>> => ({
  CUDA_CACHE_PATH: join(directory, 'cuda'),
  CUDA_CACHE_MAXSIZE: String(CUDA_CACHE_BYTES),
  TF_XLA_FLAGS: `--tf_xla_persistent_cache_directory=${join(directory, 'xla')}`,
});

/** By C's setenv, which reaches getenv from every thread; `process.env` of a worker does not. */
function set(variables: Readonly<Record<string, string>>, { overwrite = true } = {}): void {
  const setenv = koffi.load(null).func('setenv', 'int', ['str', 'str', 'int']);
  for (const [name, value] of Object.entries(variables)) setenv(name, value, Number(overwrite));
}
