// Which executor runs the steps, by the name that the user gives (BIONAS_EXECUTOR, --executor).
import { type Executor, ExecutorError, type Peers } from './executor.ts';
import { createOnnxExecutor } from './onnx/index.ts';
import { createTensorFlowExecutor, requireLibrary } from './tensorflow/index.ts';
import { createTfjsNodeExecutor, isTfjsPackage, requireAddon } from './tfjs-node/index.ts';

export interface ExecutorFolders {
  /** of TensorFlow's library */
  readonly libraryDir: string;
  /** of tfjs-node's node_modules */
  readonly packageDir: string;
  /** Of kernels that were compiled for the device. */
  readonly computeCacheDir?: string | undefined;
  /** Where the process is one of several workers. */
  readonly peers?: Peers | undefined;
}

const SETTLED = ['tensorflow', 'tfjs-node', 'tfjs-node-gpu', 'onnx', 'onnx-webgpu'] as const;
type SettledName = (typeof SETTLED)[number];

export const EXECUTOR_NAMES = ['auto', ...SETTLED] as const;

interface Settled {
  readonly name: SettledName;
  /** Why `auto` came to another one than TensorFlow, in one line. */
  readonly reason?: string;
}

/** Which executor lets several workers add up what they learned. */
const OF_WORKERS = 'tensorflow';

/**
 * Looks at what is installed and loads nothing. `auto` is TensorFlow where its library is, else ONNX Runtime; a library that
 * is there and broken fails when it is opened.
 * @param asked one of EXECUTOR_NAMES, `koffi` (TensorFlow), or nothing (`auto`)
 * @param workers that train a network together
 * @throws ExecutorError where nothing has that name, it cannot be one of several workers', or what it needs is not installed
 */
export function settleExecutor(
  asked: string,
  folders: ExecutorFolders,
  workers = folders.peers?.addresses.length ?? 1,
): Settled {
  const name = SETTLED.find((known) => known === (asked === 'koffi' ? 'tensorflow' : asked));
  if (name !== undefined) {
    if (workers > 1 && name !== OF_WORKERS)
      throw new ExecutorError(
        `executor ${asked}: expected ${OF_WORKERS} where ${workers} workers train a trial together (spec.trialTemplate.workers), as no other adds up what they learn, got ${asked}`,
      );
    requireInstalled(name, folders);
    return { name };
  }
  if (asked !== 'auto' && asked !== '')
    throw new ExecutorError(
      `no executor ${asked}: expected ${EXECUTOR_NAMES.join(', ')} (BIONAS_EXECUTOR)`,
    );
  try {
    requireLibrary(folders.libraryDir);
    return { name: 'tensorflow' };
  } catch (error) {
    // Workers add up by TensorFlow alone.
    if (!(error instanceof ExecutorError) || workers > 1) throw error;
    return { name: 'onnx', reason: `executor auto: ONNX Runtime computes, since ${error.message}` };
  }
}

/** @returns for a name that cannot be, an executor that refuses to open: it is reported where a failing step is */
export function chooseExecutor(
  asked: string,
  folders: ExecutorFolders,
  note: (line: string) => void,
): Executor {
  try {
    const { name, reason } = settleExecutor(asked, folders);
    if (reason !== undefined) note(reason);
    return create(name, folders);
  } catch (error) {
    if (!(error instanceof ExecutorError)) throw error;
    return { name: asked, open: () => Promise.reject(error) };
  }
}

function requireInstalled(name: SettledName, { libraryDir, packageDir }: ExecutorFolders): void {
  if (isTfjsPackage(name)) requireAddon(packageDir, name);
  if (!isOnnx(name)) requireLibrary(libraryDir);
}

function create(name: SettledName, folders: ExecutorFolders): Executor {
  const { packageDir, peers, ...ofTensorFlow } = folders;
  if (name === 'tensorflow') return createTensorFlowExecutor({ ...ofTensorFlow, peers });
  if (isOnnx(name)) return createOnnxExecutor({ provider: name === 'onnx' ? 'cpu' : 'webgpu' });
  return createTfjsNodeExecutor({ packageName: name, packageDir, ...ofTensorFlow });
}

const isOnnx = (name: SettledName): name is 'onnx' | 'onnx-webgpu' => name.startsWith('onnx');
