// Which loader of TensorFlow's library runs the steps, by the name that the user gives.
import { type Executor, ExecutorError } from './executor.ts';
import { createTensorFlowExecutor } from './tensorflow/index.ts';
import { createTfjsNodeExecutor, isTfjsPackage } from './tfjs-node/index.ts';

interface ExecutorFolders {
  /** of TensorFlow's library */
  readonly libraryDir: string;
  /** of tfjs-node's node_modules */
  readonly packageDir: string;
}

/**
 * @param name koffi, tfjs-node or tfjs-node-gpu
 * @returns for another name, an executor that refuses to open: a wrong name is reported where a missing library is
 */
export function chooseExecutor(
  name: string,
  { libraryDir, packageDir }: ExecutorFolders,
): Executor {
  if (name === 'koffi') return createTensorFlowExecutor({ libraryDir });
  if (isTfjsPackage(name))
    return createTfjsNodeExecutor({ packageName: name, packageDir, libraryDir });
  const message = `no executor ${name}: expected koffi, tfjs-node or tfjs-node-gpu (BIONAS_EXECUTOR)`;
  return { name, open: () => Promise.reject(new ExecutorError(message)) };
}
