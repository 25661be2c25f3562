// The TensorFlow executor, where `make tensorflow` has put the library.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import {
  createTensorFlowExecutor,
  defaultLibraryDir,
  type Executor,
} from '../../trainer/executors/index.ts';

export const libraryDir = defaultLibraryDir({
  cacheHome: process.env['XDG_CACHE_HOME'],
  home: homedir(),
});

export const tensorFlow: Executor | undefined = existsSync(libraryDir)
  ? createTensorFlowExecutor({ libraryDir })
  : undefined;
if (tensorFlow === undefined)
  console.warn(`skipped: no TensorFlow at ${libraryDir}; run \`make tensorflow\``);
