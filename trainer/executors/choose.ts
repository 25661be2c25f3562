// Which loader of TensorFlow's library runs the steps, by the name that the user gives.
import { type Executor, ExecutorError, type Peers } from './executor.ts';
import { createTensorFlowExecutor } from './tensorflow/index.ts';
import { createTfjsNodeExecutor, isTfjsPackage } from './tfjs-node/index.ts';

interface ExecutorPlace {
  /** of TensorFlow's library */
  readonly libraryDir: string;
  /** of tfjs-node's node_modules */
  readonly packageDir: string;
  /** Where the process is one of several workers. */
  readonly peers?: Peers | undefined;
}

/**
 * @param name koffi, tfjs-node or tfjs-node-gpu
 * @returns for another name, an executor that refuses to open: a wrong name is reported where a missing library is
 */
export function chooseExecutor(
  name: string,
  { libraryDir, packageDir, peers }: ExecutorPlace,
): Executor {
  if (name === 'koffi') return createTensorFlowExecutor({ libraryDir, peers });
  if (isTfjsPackage(name))
    return createTfjsNodeExecutor({ packageName: name, packageDir, libraryDir });
  const message = `no executor ${name}: expected koffi, tfjs-node or tfjs-node-gpu (BIONAS_EXECUTOR)`;
  return { name, open: () => Promise.reject(new ExecutorError(message)) };
}
